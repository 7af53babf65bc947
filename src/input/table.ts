import { noColumn } from './column.ts';
import { hasOnlyCr, withLineFeeds } from './cr-lines.ts';
import { hideEscapes, readDialect } from './dialect.ts';
import type { Format, FormatOptions, Head, Reading } from './format.ts';
import { createLinesSplitter } from './lines.ts';
import { guessTable, readHeader, type TableHead } from './sniff.ts';
import { createTableSplitter } from './table-splitter.ts';

/** Rows of delimited text below a header that has a column with the message. */
export function tableFormat(delimiters: readonly string[]): Format {
  return {
    guess(head, options) {
      if (options.dialect) return undefined;
      if (!hasOnlyCr(head)) return guessReading(head, delimiters, options);
      return withLineFeeds(head, (lines) => guessReading(lines, delimiters, options));
    },
    force(head, options) {
      if (head.text === '') return readNothing();
      if (options.dialect) return readDialect(head, options.dialect, options.column);
      if (!hasOnlyCr(head)) return forceReading(head, delimiters, options);
      return withLineFeeds(head, (lines) => forceReading(lines, delimiters, options));
    },
  };
}

/** As RFC 4180 has it, or with backslash escapes where that leaves fewer rows damaged. */
async function guessReading(
  head: Head,
  delimiters: readonly string[],
  { column }: FormatOptions,
): Promise<Reading | undefined> {
  const plain = guessTable(head.text, head.atEnd, delimiters, column);
  const hidden = hideEscapes(head.text);
  const escaped = hidden === undefined ? undefined : guessTable(hidden, head.atEnd, delimiters, column);
  if (escaped && escaped.damaged < (plain?.damaged ?? Infinity)) {
    return readDialect(head, { delimiter: escaped.layout.delimiter, escape: '\\' }, column);
  }
  return plain && readTable(plain);
}

async function forceReading(head: Head, delimiters: readonly string[], options: FormatOptions): Promise<Reading> {
  const guessed = await guessReading(head, delimiters, options);
  if (guessed) return guessed;
  const headers = delimiters.map((delimiter) => readHeader(head.text, delimiter, options.column));
  const widest = headers.reduce((a, b) => (b.layout.columns.length > a.layout.columns.length ? b : a));
  if (widest.layout.messageColumn === -1) throw noColumn(widest.layout.columns, options.column);
  return readTable(widest);
}

function readTable({ layout, rowsFrom, firstLine }: TableHead): Reading {
  const name = JSON.stringify(layout.columns[layout.messageColumn] ?? '');
  return {
    reason: `header has ${name}, delimiter ${JSON.stringify(layout.delimiter)}`,
    layout,
    skip: rowsFrom,
    createSplitter: (rows) => createTableSplitter(layout, rows, firstLine),
  };
}

function readNothing(): Reading {
  return { reason: 'empty', layout: { kind: 'lines' }, skip: 0, createSplitter: createLinesSplitter };
}
