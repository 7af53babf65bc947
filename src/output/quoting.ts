import type { ByteString } from '../types.ts';

/** A cell as a delimited file has it. */
export type QuoteCell = (cell: ByteString) => ByteString;

/**
 * Quotes a cell that holds a quote, the delimiter, CR or LF, and no other: blanks at its ends are part of a cell (RFC
 * 4180), so they need no quotes.
 */
export function createQuoteCell(delimiter: string): QuoteCell {
  return (cell) => {
    const hasQuotes = cell.includes('"');
    if (!hasQuotes && !cell.includes(delimiter) && !cell.includes('\n') && !cell.includes('\r')) return cell;
    return hasQuotes ? `"${cell.replaceAll('"', '""')}"` : `"${cell}"`;
  };
}
