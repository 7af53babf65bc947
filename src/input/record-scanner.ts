import type { ByteString } from '../types.ts';
import { splitCells } from './cells.ts';
import { MAX_ROW_BYTES } from './splitter.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** What stands at an index: a row, damaged or not, a line that is no row, or the beginning of what has not arrived yet. */
export type Scanned = 'row' | 'blank' | 'short-row' | 'long-row' | 'stray-quote' | 'open-line' | 'open-quote';

/**
 * Finds the extent of one record after another and where its message is, by index and without objects: this is what
 * every row of a table passes.
 */
export class RecordScanner {
  /** End of the last record scanned, without its line end. */
  end = 0;
  /** Where the record after it begins. */
  next = 0;
  /** The last record may hold line ends of its own. */
  hasQuotes = false;
  /** Of a whole row: extent of its message, without quotes, and whether there are doubled ones in it. */
  messageFrom = 0;
  messageTo = 0;
  messageDoubled = false;

  readonly #delimiter: string;
  readonly #delimiterCode: number;
  readonly #columns: number;
  readonly #messageColumn: number;
  #text: ByteString = '';
  #atEnd = false;
  /** Index of the next quote and the next delimiter at or after where the scan is, so that none is searched twice. */
  #quote = -1;
  #comma = -1;

  constructor(delimiter: string, columns: number, messageColumn: number) {
    this.#delimiter = delimiter;
    this.#delimiterCode = delimiter.charCodeAt(0);
    this.#columns = columns;
    this.#messageColumn = messageColumn;
  }

  /** @param atEnd No more text will follow. */
  start(text: ByteString, atEnd: boolean): void {
    this.#text = text;
    this.#atEnd = atEnd;
    this.#quote = -1;
    this.#comma = -1;
  }

  scan(from: number): Scanned {
    const lineEnd = this.#text.indexOf('\n', from);
    if (lineEnd === -1 && !this.#atEnd) return 'open-line';
    const stop = lineEnd === -1 ? this.#text.length : lineEnd;
    if (this.#quote < from) this.#quote = this.#find('"', from);
    this.hasQuotes = this.#quote < stop;
    if (!this.hasQuotes) return this.#plainRecord(from, stop);
    return this.#quotedRecord(from, stop);
  }

  /** A record without any quote. */
  #plainRecord(from: number, stop: number): Scanned {
    this.#finish(from, stop);
    const end = this.end;
    if (end === from) return 'blank';
    const target = this.#messageColumn;
    let cell = 0;
    let at = from;
    for (;;) {
      if (this.#comma < at) this.#comma = this.#find(this.#delimiter, at);
      const to = this.#comma < end ? this.#comma : end;
      if (cell === target) this.#setMessage(at, to, false);
      cell += 1;
      if (to === end) return this.#verdict(cell);
      at = to + 1;
    }
  }

  /** A record with quotes; `stop` is the end of its first line, where it ends if they are stray. */
  #quotedRecord(from: number, stop: number): Scanned {
    const text = this.#text;
    let last = stop;
    let at = from;
    for (let cell = 0; ; cell += 1) {
      const open = this.#skipBlanks(at);
      let end: number;
      if (text.charCodeAt(open) === QUOTE) {
        let doubled = false;
        let close = text.indexOf('"', open + 1);
        while (close !== -1 && text.charCodeAt(close + 1) === QUOTE) {
          doubled = true;
          close = text.indexOf('"', close + 2);
        }
        end = this.#skipBlanks(close + 1);
        if (close === -1) return this.#wait(from, stop, 'open-quote');
        if (this.#isUndecided(end)) return this.#wait(from, stop, 'open-line');
        if (!this.#endsCell(end)) return this.#stray(from, stop);
        if (cell === this.#messageColumn) this.#setMessage(open + 1, close, doubled);
        if (end > last) last = this.#lineEnd(end);
      } else {
        if (this.#comma < at) this.#comma = this.#find(this.#delimiter, at);
        end = Math.min(this.#comma, this.#withoutCr(at, last));
        if (cell === this.#messageColumn) this.#setMessage(at, end, false);
      }
      if (text.charCodeAt(end) !== this.#delimiterCode) {
        if (last >= text.length && !this.#atEnd) return this.#wait(from, stop, 'open-line');
        if (last > stop && this.#isStrayAcross(from, stop, last, cell + 1)) return this.#stray(from, stop);
        this.#finish(from, last);
        return this.#verdict(cell + 1);
      }
      at = end + 1;
    }
  }

  /** The rest may follow, unless the record is over its bound or the input has ended. */
  #wait(from: number, stop: number, open: 'open-line' | 'open-quote'): Scanned {
    const isOver = this.#atEnd || this.#text.length - from > MAX_ROW_BYTES;
    return isOver ? this.#stray(from, stop) : open;
  }

  /** Whether a record of more than one line is none: it is over its bound, or the line below its first is a record. */
  #isStrayAcross(from: number, stop: number, last: number, cells: number): boolean {
    return last - from > MAX_ROW_BYTES || (cells !== this.#columns && this.#isWholeLine(stop + 1));
  }

  #stray(from: number, stop: number): Scanned {
    this.#finish(from, stop);
    return 'stray-quote';
  }

  #verdict(cells: number): Scanned {
    if (cells === this.#columns) return 'row';
    return cells < this.#columns ? 'short-row' : 'long-row';
  }

  /** @param lineEnd Index of the LF that ends the record, or the length of the text. */
  #finish(from: number, lineEnd: number): void {
    this.end = this.#withoutCr(from, lineEnd);
    this.next = lineEnd + 1;
  }

  #setMessage(from: number, to: number, doubled: boolean): void {
    this.messageFrom = from;
    this.messageTo = to;
    this.messageDoubled = doubled;
  }

  #find(what: string, from: number): number {
    const found = this.#text.indexOf(what, from);
    return found === -1 ? Infinity : found;
  }

  #lineEnd(from: number): number {
    const found = this.#text.indexOf('\n', from);
    return found === -1 ? this.#text.length : found;
  }

  #withoutCr(from: number, lineEnd: number): number {
    const isCrLf = lineEnd > from && lineEnd < this.#text.length && this.#text.charCodeAt(lineEnd - 1) === CR;
    return isCrLf ? lineEnd - 1 : lineEnd;
  }

  #skipBlanks(from: number): number {
    let at = from;
    for (;;) {
      const code = this.#text.charCodeAt(at);
      if (code !== SPACE && (code !== TAB || this.#delimiterCode === TAB)) return at;
      at += 1;
    }
  }

  /** What follows a closing quote has not arrived yet. */
  #isUndecided(at: number): boolean {
    const seen = this.#text.charCodeAt(at) === CR ? at + 1 : at;
    return seen >= this.#text.length && !this.#atEnd;
  }

  #endsCell(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    if (code === this.#delimiterCode || code === LF || at >= this.#text.length) return true;
    return code === CR && this.#text.charCodeAt(at + 1) === LF;
  }

  /** Whether the line that begins at `from` is a record of its own: every column, and no end of a quoted cell. */
  #isWholeLine(from: number): boolean {
    const line = this.#text.slice(from, this.#withoutCr(from, this.#lineEnd(from)));
    const cells = splitCells(line, this.#delimiter);
    return cells.length === this.#columns && !cells.some((cell) => cell.includes('"'));
  }
}
