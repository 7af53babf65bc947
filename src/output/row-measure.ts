import type { ByteString } from '../types.ts';

/** Said of a row with a quote that opens a cell and does not close it right before a delimiter or the end. */
export const STRAY_QUOTE = -1;

/** Number of cells of a row, as `input/cells.ts` splits it, or `STRAY_QUOTE`. */
export function measureRow(raw: ByteString, delimiter: string): number {
  const hasQuotes = raw.includes('"');
  let at = 0;
  for (let count = 1; ; count += 1) {
    const end = hasQuotes ? cellEnd(raw, at, delimiter) : raw.indexOf(delimiter, at);
    if (end === STRAY_QUOTE && hasQuotes) return STRAY_QUOTE;
    if (end === -1 || end === raw.length) return count;
    at = end + 1;
  }
}

/** Index of the delimiter after the cell, the row's length after the last, or `STRAY_QUOTE`. */
function cellEnd(raw: ByteString, from: number, delimiter: string): number {
  const open = skipBlanks(raw, from, delimiter);
  if (raw[open] !== '"') {
    const end = raw.indexOf(delimiter, from);
    return end === -1 ? raw.length : end;
  }
  let close = raw.indexOf('"', open + 1);
  while (close !== -1 && raw[close + 1] === '"') close = raw.indexOf('"', close + 2);
  if (close === -1) return STRAY_QUOTE;
  const end = skipBlanks(raw, close + 1, delimiter);
  return end === raw.length || raw[end] === delimiter ? end : STRAY_QUOTE;
}

/** A tab is no blank where it delimits. */
function skipBlanks(raw: ByteString, from: number, delimiter: string): number {
  const blanks = delimiter === '\t' ? ' ' : ' \t';
  let at = from;
  while (at < raw.length && blanks.includes(raw.charAt(at))) at += 1;
  return at;
}
