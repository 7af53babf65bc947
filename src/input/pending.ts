import { type Buffer, isAscii } from 'node:buffer';
import type { ByteString } from '../types.ts';

const ESC = 0x1b;

/** Bytes that are not a whole row yet, as pieces: joining them once a row ends keeps tiny chunks from costing n². */
export class Pending {
  size = 0;
  /** Every byte is ASCII and none is NUL or ESC. */
  plain = true;
  #pieces: ByteString[] = [];

  add(chunk: Buffer): ByteString {
    const piece = chunk.toString('latin1');
    if (piece.length === 0) return piece;
    if (this.plain) this.plain = isAscii(chunk) && !chunk.includes(ESC) && !chunk.includes(0);
    this.#pieces.push(piece);
    this.size += piece.length;
    return piece;
  }

  /** Everything that waits, as one string. */
  join(): ByteString {
    if (this.#pieces.length !== 1) this.#pieces = [this.#pieces.join('')];
    return this.#pieces[0] ?? '';
  }

  /** Keeps only `rest`, the end of what `join` gave. */
  keep(rest: ByteString): void {
    this.#pieces = rest === '' ? [] : [rest];
    this.size = rest.length;
    if (rest === '') this.plain = true;
  }
}
