import type { ByteString, TableLayout } from '../types.ts';
import { splitCells } from './cells.ts';
import { findColumn, MESSAGE_COLUMNS } from './column.ts';
import { RecordScanner } from './record-scanner.ts';
import { decodeText } from './text.ts';

/** A header and what lies below it. */
export interface TableHead {
  readonly layout: TableLayout;
  /** Index where the first row begins. */
  readonly rowsFrom: number;
  /** Physical line (from 1) of the first row. */
  readonly firstLine: number;
}

export interface TableGuess extends TableHead {
  /** Rows of the head that are not whole. */
  readonly damaged: number;
}

export const DELIMITERS = [',', '\t', ';', '|'] as const;

/** Share of the sampled rows that must be whole for an input to be taken for a table. */
const WHOLE_SHARE = 0.8;

/**
 * A table, if the first row is a header with the message column and the rows below it have as many cells as it (they may
 * not, where `column` names a column that there is).
 *
 * @param head The first bytes of the input, without a byte order mark.
 */
export function guessTable(
  head: ByteString,
  atEnd: boolean,
  delimiters: readonly string[],
  column: string | undefined,
): TableGuess | undefined {
  return delimiters
    .map((delimiter) => readHeader(head, delimiter, column))
    .filter(({ layout }) => layout.messageColumn !== -1 && layout.columns.every(isName))
    .toSorted((a, b) => b.layout.columns.length - a.layout.columns.length)
    .map((table) => ({ ...table, ...countRows(head, atEnd, table) }))
    .find((guess) => column !== undefined || isConsistent(guess));
}

/** The header as `delimiter` splits it; its `messageColumn` is -1 when it has none. */
export function readHeader(head: ByteString, delimiter: string, column: string | undefined): TableHead {
  let from = 0;
  let firstLine = 2;
  for (; head[from] === '\n' || (head[from] === '\r' && head[from + 1] === '\n'); firstLine += 1) {
    from = head.indexOf('\n', from) + 1;
  }
  const found = head.indexOf('\n', from);
  const lineEnd = found === -1 ? head.length : found;
  const hasCr = lineEnd > from && head[lineEnd - 1] === '\r';
  const header = head.slice(from, hasCr ? lineEnd - 1 : lineEnd);
  const columns = splitCells(header, delimiter).map((cell) => decodeText(cell).trim());
  const messageColumn = findColumn(columns, column);
  const layout = { kind: 'table', header, columns, messageColumn, delimiter, lineEnd: hasCr ? '\r\n' : '\n' } as const;
  return { layout, rowsFrom: Math.min(lineEnd + 1, head.length), firstLine };
}

/** The columns of a header without a message column, if the first row looks like one; else none. */
export function columnsOf(head: ByteString): readonly string[] {
  const rows = DELIMITERS.map((delimiter) => readHeader(head, delimiter, undefined).layout.columns);
  const widest = rows.reduce((a, b) => (b.length > a.length ? b : a));
  return widest.length > 1 && widest.every(isName) ? widest : [];
}

/** Column names are short, begin with no digit and hold none of the marks that log text is full of. */
function isName(cell: string): boolean {
  return cell.length <= 64 && /^(?:[\p{L}_@#%$*].*)?$/u.test(cell) && !/[=<>{}"'!?:;,]/.test(cell);
}

function countRows(head: ByteString, atEnd: boolean, table: TableHead): { whole: number; damaged: number } {
  const { delimiter, columns, messageColumn } = table.layout;
  const scanner = new RecordScanner(delimiter, columns.length, messageColumn);
  scanner.start(head, atEnd);
  let whole = 0;
  let damaged = 0;
  for (let from = table.rowsFrom; from < head.length; from = scanner.next) {
    const found = scanner.scan(from);
    if (found === 'open-line' || found === 'open-quote') break;
    if (found === 'row') whole += 1;
    else if (found !== 'blank') damaged += 1;
  }
  return { whole, damaged };
}

function isConsistent({ layout, whole, damaged }: TableGuess & { readonly whole: number }): boolean {
  if (layout.columns.length > 1) return whole >= (whole + damaged) * WHOLE_SHARE;
  // One word on the first line is a header only if nothing speaks against it.
  return damaged === 0 && (whole > 0 || layout.columns[0]?.toLowerCase() === MESSAGE_COLUMNS[0]);
}
