import type { ByteString, DamageKind, RecordBatch } from '../types.ts';
import { countDamage, type DamageCount, type DamageCountKind } from './damage.ts';
import { countReplaced, decodeText, isSpecial, stripEscapes } from './text.ts';

/** Sizes of the first batches, so that the first row is out at once. */
const FIRST_BATCHES = [16, 64, 256] as const;

/** Collects the rows of a splitter and hands them out as batches. */
export class Rows {
  readonly damage: Partial<Record<DamageCountKind, DamageCount>> = {};
  /** Set by the splitter while no byte of its chunk needs decoding, stripping or flagging. */
  plain = false;

  readonly #batchRows: number;
  /** Every U+FFFD of the input stands for what could not be decoded. */
  readonly #isTranscoded: boolean;
  #raws: ByteString[] = [];
  #texts: string[] = [];
  #damaged = new Map<number, DamageKind>();
  /** Number of the row at index 0. */
  #firstRow: number;
  #batches = 0;
  #lastLine = 0;

  /** Added to the lines that the splitter counts, where it began in the middle of the input. */
  lineOffset = 0;

  constructor(batchRows: number, isTranscoded = false, firstRow = 1) {
    this.#batchRows = batchRows;
    this.#isTranscoded = isTranscoded;
    this.#firstRow = firstRow;
  }

  /** Number of the row that is added next. */
  get nextRow(): number {
    return this.#firstRow + this.#raws.length;
  }

  /**
   * @param raw The row as it was read.
   * @param message The bytes of its message.
   * @param line Physical line that the row began at, from 1.
   */
  add(raw: ByteString, message: ByteString, line: number, damage?: DamageKind): void {
    if (damage) this.#flag(damage, line);
    const isPlain = this.plain || !isSpecial(raw);
    this.#texts.push(isPlain ? message : stripEscapes(this.#decode(raw, message, line)));
    this.#raws.push(raw);
    this.#lastLine = line;
  }

  /** `add` for a message that is text already. */
  addText(raw: ByteString, text: string, line: number): void {
    if (!this.plain && isSpecial(raw)) this.#decode(raw, raw, line);
    this.#texts.push(stripEscapes(text));
    this.#raws.push(raw);
    this.#lastLine = line;
  }

  /** The input ended before it should: flags its last row. Called before that row is taken. */
  endEarly(): void {
    const index = this.#raws.length - 1;
    if (index >= 0 && !this.#damaged.has(index)) this.#damaged.set(index, 'truncated');
    countDamage(this.damage, 'truncated', this.#firstRow + index, this.#lastLine + this.lineOffset);
  }

  /** Counts a line that is no row. */
  skipBlank(line: number): void {
    countDamage(this.damage, 'blank-line', this.#firstRow + this.#raws.length - 1, line + this.lineOffset);
  }

  /** The rows added since the last call, in batches. */
  *take(): Generator<RecordBatch, void, undefined> {
    const raws = this.#raws;
    const texts = this.#texts;
    const damaged = this.#damaged;
    const firstRow = this.#firstRow;
    this.#raws = [];
    this.#texts = [];
    this.#damaged = new Map();
    this.#firstRow += raws.length;
    // In the order of the rows, as they were flagged.
    const flags = [...damaged];
    let flag = 0;
    for (let from = 0; from < raws.length;) {
      const to = Math.min(raws.length, from + this.#nextSize());
      const inside: Array<[number, DamageKind]> = [];
      for (let next = flags[flag]; next && next[0] < to; next = flags[flag]) {
        inside.push([next[0] - from, next[1]]);
        flag += 1;
      }
      yield {
        firstRow: firstRow + from,
        raws: raws.slice(from, to),
        texts: texts.slice(from, to),
        ...(inside.length > 0 && { damaged: new Map(inside) }),
      };
      from = to;
    }
  }

  /** Flags the row that is about to be pushed. */
  #flag(kind: DamageKind, line: number, times = 1): void {
    const index = this.#raws.length;
    if (!this.#damaged.has(index)) this.#damaged.set(index, kind);
    countDamage(this.damage, kind, this.#firstRow + index, line + this.lineOffset, times);
  }

  #decode(raw: ByteString, message: ByteString, line: number): string {
    if (raw.includes('\0')) this.#flag('nul', line);
    const text = decodeText(message);
    const replaced = countReplaced(this.#isTranscoded ? '' : message, text);
    if (replaced > 0) this.#flag('invalid-utf8', line, replaced);
    return text;
  }

  #nextSize(): number {
    const size = Math.min(FIRST_BATCHES[this.#batches] ?? this.#batchRows, this.#batchRows);
    this.#batches += 1;
    return size;
  }
}
