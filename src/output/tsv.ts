import { createDelimited } from './delimited.ts';
import type { RowFormatFactory } from './writer.ts';

/** Tabs between cells, otherwise quoted as in CSV, which is how spreadsheets and our reader take it. */
export const createTsv: RowFormatFactory = (layout, options) => createDelimited(layout, '\t', options);
