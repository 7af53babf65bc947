import type { ByteString } from '../types.ts';

/**
 * The cells of one record whose extent is known, quotes taken off. A quoted cell may stand between blanks
 * (`a, "b"`). A quote that opens a cell but does not close it right before a delimiter or the end is a character as any
 * other, as is one inside an unquoted cell.
 */
export function splitCells(record: ByteString, delimiter: string): ByteString[] {
  const cells: ByteString[] = [];
  for (let from = 0; ;) {
    const cell = quotedCell(record, from, delimiter) ?? unquotedCell(record, from, delimiter);
    cells.push(cell.value);
    if (cell.end >= record.length) return cells;
    from = cell.end + 1;
  }
}

interface Cell {
  readonly value: ByteString;
  /** Index of the delimiter after the cell, or the record's length. */
  readonly end: number;
}

function quotedCell(record: ByteString, from: number, delimiter: string): Cell | undefined {
  const open = skipBlanks(record, from, delimiter);
  if (record[open] !== '"') return undefined;
  let close = record.indexOf('"', open + 1);
  while (close !== -1 && record[close + 1] === '"') close = record.indexOf('"', close + 2);
  if (close === -1) return undefined;
  const end = skipBlanks(record, close + 1, delimiter);
  if (end < record.length && record[end] !== delimiter) return undefined;
  return { value: record.slice(open + 1, close).replaceAll('""', '"'), end };
}

function unquotedCell(record: ByteString, from: number, delimiter: string): Cell {
  const found = record.indexOf(delimiter, from);
  const end = found === -1 ? record.length : found;
  return { value: record.slice(from, end), end };
}

/** Index of the first character from `from` on that is no blank; a tab is none where it delimits. */
function skipBlanks(record: ByteString, from: number, delimiter: string): number {
  let at = from;
  const blanks = delimiter === '\t' ? ' ' : ' \t';
  while (at < record.length && blanks.includes(record.charAt(at))) at += 1;
  return at;
}
