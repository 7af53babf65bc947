import type { Buffer } from 'node:buffer';
import type { ByteString, TableLayout } from '../types.ts';
import type { ReadRecord, RecordCells } from './dialect.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Rows } from './rows.ts';
import { MAX_ROW_BYTES, type Splitter } from './splitter.ts';

/** Lines that a record may have. One with more is taken for a stray quote: each line is read anew. */
const MAX_RECORD_LINES = 200;

interface Line {
  readonly raw: ByteString;
  readonly lineEnd: string;
  readonly number: number;
}

/**
 * Rows of a table whose records only `read` understands: lines are put together until they are a record.
 *
 * @param firstLine Physical line of the first row, from 1.
 */
export function createDialectSplitter(
  layout: TableLayout,
  quote: string,
  read: ReadRecord,
  rows: Rows,
  firstLine: number,
): Splitter {
  return new DialectSplitter(layout, quote, read, rows, firstLine);
}

class DialectSplitter implements Splitter {
  readonly #layout: TableLayout;
  readonly #quote: string;
  readonly #read: ReadRecord;
  readonly #rows: Rows;
  readonly #lines: LineSplitter;
  readonly #firstLine: number;
  /** Lines of a record whose quote is open. */
  #open: Line[] = [];
  #openBytes = 0;

  constructor(layout: TableLayout, quote: string, read: ReadRecord, rows: Rows, firstLine: number) {
    this.#layout = layout;
    this.#quote = quote;
    this.#read = read;
    this.#rows = rows;
    this.#firstLine = firstLine;
    this.#lines = new LineSplitter((raw, number, cut, lineEnd) => {
      // A line may wait for a later chunk, whose bytes say nothing about it.
      rows.plain = false;
      const line = { raw, lineEnd, number: firstLine - 1 + number };
      if (cut) this.#giveCut(line);
      else this.#take(line);
    }, rows);
  }

  get line(): number {
    return this.#firstLine - 1 + this.#lines.line;
  }

  get waiting(): number | undefined {
    return this.#open.length > 0 ? undefined : this.#lines.waiting;
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
    this.#rows.plain = false;
    while (this.#open.length > 0) this.#resync();
  }

  #take(line: Line): void {
    const isFirst = this.#open.length === 0;
    this.#open.push(line);
    this.#openBytes += line.raw.length;
    const isFull = this.#open.length > MAX_RECORD_LINES || this.#openBytes > MAX_ROW_BYTES;
    if (isFull) return this.#resync();
    if (!isFirst && !line.raw.includes(this.#quote)) return;
    const raw = joinLines(this.#open);
    const found = this.#read(raw);
    if (found === 'open') return;
    const first = this.#open[0] ?? line;
    this.#clear();
    if (found === undefined) this.#rows.skipBlank(first.number);
    else this.#give(raw, found, first.number);
  }

  /** The first line that waits is a row of its own; the others are read anew. */
  #resync(): void {
    const [first, ...others] = this.#open;
    this.#clear();
    if (!first) return;
    const cells = first.raw.split(this.#layout.delimiter);
    this.#rows.add(first.raw, cells[this.#layout.messageColumn] ?? first.raw, first.number, 'stray-quote');
    for (const line of others) this.#take(line);
  }

  #give(raw: ByteString, { cells, isStray }: RecordCells, line: number): void {
    const { columns, messageColumn } = this.#layout;
    const message = cells[messageColumn] ?? raw;
    if (isStray) this.#rows.add(raw, message, line, 'stray-quote');
    else if (cells.length < columns.length) this.#rows.add(raw, message, line, 'short-row');
    else this.#rows.add(raw, message, line, cells.length > columns.length ? 'long-row' : undefined);
  }

  #giveCut(line: Line): void {
    while (this.#open.length > 0) this.#resync();
    const cells = line.raw.split(this.#layout.delimiter);
    this.#rows.add(line.raw, cells[this.#layout.messageColumn] ?? line.raw, line.number, 'cut');
  }

  #clear(): void {
    this.#open = [];
    this.#openBytes = 0;
  }
}

/** Lines as they stood, without the last line end. */
function joinLines(lines: readonly Line[]): ByteString {
  return lines.map(({ raw, lineEnd }, index) => (index === lines.length - 1 ? raw : raw + lineEnd)).join('');
}
