import type { Buffer } from 'node:buffer';
import type { ByteString, DamageKind, TableLayout } from '../types.ts';
import { splitCells } from './cells.ts';
import { cutRow } from './line-splitter.ts';
import { Pending } from './pending.ts';
import { RecordScanner } from './record-scanner.ts';
import type { Rows } from './rows.ts';
import { MAX_ROW_BYTES, type Splitter } from './splitter.ts';

/**
 * RFC 4180 with LF, CRLF or both. A record may hold line ends inside quotes. Blank lines are no rows. A record that is
 * not well formed costs itself alone: it ends at its first line end.
 *
 * @param firstLine Physical line of the first row, from 1.
 */
export function createTableSplitter(layout: TableLayout, rows: Rows, firstLine: number): Splitter {
  return new TableSplitter(layout, rows, firstLine);
}

class TableSplitter implements Splitter {
  readonly #layout: TableLayout;
  readonly #rows: Rows;
  readonly #scanner: RecordScanner;
  readonly #pending = new Pending();
  #line: number;
  /** The record that waits is inside quotes, so only another quote can end it. */
  #quoted = false;
  /** The rest of a line that was cut is passed over. */
  #skipping = false;

  constructor(layout: TableLayout, rows: Rows, firstLine: number) {
    this.#layout = layout;
    this.#rows = rows;
    this.#line = firstLine;
    this.#scanner = new RecordScanner(layout.delimiter, layout.columns.length, layout.messageColumn);
  }

  get line(): number {
    return this.#line;
  }

  get waiting(): number | undefined {
    return this.#skipping ? undefined : this.#pending.size;
  }

  push(chunk: Buffer): void {
    const piece = this.#pending.add(chunk);
    this.#rows.plain = this.#pending.plain;
    const full = this.#pending.size > MAX_ROW_BYTES;
    if (full || piece.includes(this.#quoted ? '"' : '\n')) this.#split(false);
  }

  end(): void {
    this.#split(true);
  }

  #split(atEnd: boolean): void {
    const text = this.#pending.join();
    const scanner = this.#scanner;
    scanner.start(text, atEnd);
    let from = this.#skipping ? this.#skipLine(text) : 0;
    this.#quoted = false;
    while (from < text.length) {
      const found = scanner.scan(from);
      if (found === 'open-line' && text.length - from > MAX_ROW_BYTES) {
        this.#giveCut(text.slice(from), this.#line);
        this.#skipping = true;
        from = text.length;
      } else if (found === 'open-line' || found === 'open-quote') {
        this.#quoted = found === 'open-quote';
        break;
      } else {
        this.#give(text.slice(from, scanner.end), text, found);
        from = scanner.next;
      }
    }
    this.#pending.keep(text.slice(from));
  }

  /** Passes over the rest of a line that was cut. */
  #skipLine(text: ByteString): number {
    const end = text.indexOf('\n');
    if (end === -1) return text.length;
    this.#skipping = false;
    this.#line += 1;
    return end + 1;
  }

  #give(raw: ByteString, text: ByteString, found: 'row' | 'blank' | DamageKind): void {
    const scanner = this.#scanner;
    const line = this.#line;
    this.#line += 1 + (scanner.hasQuotes ? countLineEnds(raw) : 0);
    if (found === 'blank') return this.#rows.skipBlank(line);
    if (raw.length > MAX_ROW_BYTES) return this.#giveCut(raw, line);
    if (found !== 'row') return this.#rows.add(raw, this.#damagedMessage(raw), line, found);
    const message = text.slice(scanner.messageFrom, scanner.messageTo);
    return this.#rows.add(raw, scanner.messageDoubled ? message.replaceAll('""', '"') : message, line);
  }

  #giveCut(raw: ByteString, line: number): void {
    const cut = cutRow(raw);
    this.#rows.add(cut, this.#damagedMessage(cut), line, 'cut');
  }

  /** The message of a damaged record: its cell where there is one, else all of it. */
  #damagedMessage(raw: ByteString): ByteString {
    return splitCells(raw, this.#layout.delimiter)[this.#layout.messageColumn] ?? raw;
  }
}

function countLineEnds(text: ByteString): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
