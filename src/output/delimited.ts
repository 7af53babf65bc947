import type { Layout } from '../types.ts';
import { createDelimitedLines } from './delimited-lines.ts';
import { createDelimitedTable } from './delimited-table.ts';
import type { RowFormat, WriterOptions } from './writer.ts';

/** Delimited cells under a header. Whatever is no table, JSON too, is a line with a message. */
export function createDelimited(layout: Layout, delimiter: string, options: WriterOptions): RowFormat {
  return layout.kind === 'table'
    ? createDelimitedTable(layout, delimiter, options)
    : createDelimitedLines(delimiter, options);
}
