import { createDelimited } from './delimited.ts';
import type { RowFormatFactory } from './writer.ts';

/** CSV (RFC 4180). A table keeps its own delimiter unless that is a tab, and its own line end. */
export const createCsv: RowFormatFactory = (layout, options) => {
  const delimiter = layout.kind === 'table' && layout.delimiter !== '\t' ? layout.delimiter : ',';
  return createDelimited(layout, delimiter, options);
};
