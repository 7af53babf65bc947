import type { Buffer } from 'node:buffer';
import type { ByteString } from '../types.ts';
import { Pending } from './pending.ts';
import type { Rows } from './rows.ts';
import { MAX_ROW_BYTES, type Splitter } from './splitter.ts';

const CR = 0x0d;

/**
 * Takes one line.
 *
 * @param raw Without its line end.
 * @param line Its number, from 1.
 * @param lineEnd What ended it: LF, CRLF, or nothing.
 * @param cut It was longer than `MAX_ROW_BYTES`.
 */
type OnLine = (raw: ByteString, line: number, cut: boolean, lineEnd: string) => void;

/** Hands whole lines to `onLine`, cut at `MAX_ROW_BYTES`. LF and CRLF end a line, a bare CR does not. */
export class LineSplitter implements Splitter {
  readonly #onLine: OnLine;
  readonly #rows: Rows;
  readonly #pending = new Pending();
  #line = 1;
  /** The rest of a line that was cut is passed over. */
  #skipping = false;

  constructor(onLine: OnLine, rows: Rows) {
    this.#onLine = onLine;
    this.#rows = rows;
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
    if (piece.includes('\n')) this.#split();
    if (this.#skipping) this.#pending.keep('');
    else if (this.#pending.size > MAX_ROW_BYTES) this.#cut();
  }

  end(): void {
    const last = this.#pending.join();
    if (last !== '' && !this.#skipping) this.#give(last, '');
    this.#pending.keep('');
  }

  #split(): void {
    const text = this.#pending.join();
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      if (this.#skipping) this.#skipping = false;
      else if (end > from && text.charCodeAt(end - 1) === CR) this.#give(text.slice(from, end - 1), '\r\n');
      else this.#give(text.slice(from, end), '\n');
      this.#line += 1;
      from = end + 1;
    }
    this.#pending.keep(text.slice(from));
  }

  #give(line: ByteString, lineEnd: string): void {
    if (line.length > MAX_ROW_BYTES) this.#onLine(cutRow(line), this.#line, true, lineEnd);
    else this.#onLine(line, this.#line, false, lineEnd);
  }

  #cut(): void {
    this.#give(this.#pending.join(), '');
    this.#pending.keep('');
    this.#skipping = true;
  }
}

/** At most `MAX_ROW_BYTES` of a row, never half a UTF-8 character. */
export function cutRow(row: ByteString): ByteString {
  let end = MAX_ROW_BYTES;
  while (end > MAX_ROW_BYTES - 4 && (row.charCodeAt(end) & 0xc0) === 0x80) end -= 1;
  return row.slice(0, end);
}
