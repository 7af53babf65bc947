import type { Buffer } from 'node:buffer';
import type { Layout, ReadPoint, RecordBatch } from '../types.ts';
import { abortable } from './abortable.ts';
import type { DamageCounts } from './damage.ts';
import type { Inflation } from './decompress.ts';
import type { TableDialect } from './dialect.ts';
import type { Format, Head, Reading } from './format.ts';
import { jsonlFormat } from './jsonl.ts';
import { linesFormat } from './lines.ts';
import { logfmtFormat } from './logfmt.ts';
import { openBytes } from './open-bytes.ts';
import { Rows } from './rows.ts';
import type { Source } from './source.ts';
import type { Splitter } from './splitter.ts';
import { tableFormat } from './table.ts';

/** In the order they are tried. To add a format: one file in this folder and one line here. */
const formats = {
  jsonl: jsonlFormat,
  csv: tableFormat([',', ';', '|']),
  tsv: tableFormat(['\t']),
  logfmt: logfmtFormat,
  lines: linesFormat,
} satisfies Record<string, Format>;

export type InputFormat = keyof typeof formats;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of a literal
export const INPUT_FORMATS = Object.keys(formats) as readonly InputFormat[];

export interface InputOptions {
  /** Absent: sniffed from the first bytes. */
  readonly format?: InputFormat | undefined;
  /** Message column of a table by name, absent: `MESSAGE_COLUMNS`; of JSON lines and logfmt the same as `field`. */
  readonly column?: string | undefined;
  /** Where JSON lines and logfmt have the message: a name, or names joined by dots (`error.message`). */
  readonly field?: string | undefined;
  /** How a table differs from RFC 4180; given, the input is `csv`. Backslash escapes are found without it. */
  readonly dialect?: TableDialect | undefined;
  /** Absent: UTF-8, or UTF-16 by its byte order mark. Any name that `TextDecoder` has; rows are carried in UTF-8 then. */
  readonly encoding?: string | undefined;
  /** Rows a batch at most; 1024 unless given. The first batches are smaller. */
  readonly batchRows?: number | undefined;
  /** Where reading begins, if not at the beginning: what the `start` of an earlier batch said. */
  readonly from?: ReadPoint | undefined;
  /** Ends reading, also while it waits for bytes: `batches` throws its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface RecordStream {
  readonly format: InputFormat;
  /** Why this format, for people: `csv (header has "log_message", delimiter ",")`. */
  readonly reason: string;
  readonly layout: Layout;
  readonly batches: AsyncIterable<RecordBatch>;
  /** Grows while `batches` is read and is complete once it has ended. */
  readonly damage: DamageCounts;
}

const BATCH_ROWS = 1024;

/**
 * Reads the first bytes, decides on the format and reads rows as `batches` is pulled. Every row of the input is in
 * exactly one batch, in order, and a row is there as soon as its line end is.
 *
 * @throws {LogiqError} E_INPUT_COLUMN when there is no message column where there has to be one, E_INPUT_UNREADABLE for
 *   a compression that is not read here, E_USAGE for an unknown encoding, and what `source` throws.
 */
export async function openInput(source: Source, options: InputOptions = {}): Promise<RecordStream> {
  const bytes = await openBytes(abortable(source, options.signal), options.encoding, source.compression);
  const text = bytes.head.bytes.toString('latin1');
  const { format, reading } = await decide({ text, atEnd: bytes.head.atEnd }, options);
  const { from } = options;
  const rows = new Rows(options.batchRows ?? BATCH_ROWS, bytes.isTranscoded, from?.row);
  const splitter = reading.createSplitter(rows);
  if (from) rows.lineOffset = from.line - splitter.line;
  const chunks = from ? skipBytes(bytes.head.chunks(), from.offset) : bytes.head.chunks(reading.skip);
  return {
    format,
    reason: `${format} (${[reading.reason, ...bytes.wrapping].join(', ')})`,
    layout: bytes.hasMark && reading.layout.kind === 'table' ? { ...reading.layout, hasMark: true } : reading.layout,
    batches: readBatches(chunks, from?.offset ?? reading.skip, splitter, rows, bytes.inflation),
    damage: rows.damage,
  };
}

async function decide(head: Head, options: InputOptions): Promise<{ format: InputFormat; reading: Reading }> {
  const forced = options.format ?? (options.dialect && 'csv');
  if (forced) return { format: forced, reading: await formats[forced].force(head, options) };
  for (const format of INPUT_FORMATS) {
    const reading = await formats[format].guess(head, options);
    if (reading) return { format, reading };
  }
  throw new Error('lines take any input');
}

async function* readBatches(
  chunks: AsyncIterable<Buffer>,
  from: number,
  splitter: Splitter,
  rows: Rows,
  inflation: Readonly<Inflation>,
): AsyncGenerator<RecordBatch, void, undefined> {
  let offset = from;
  let start = startOf(splitter, rows, offset);
  for await (const chunk of chunks) {
    splitter.push(chunk);
    offset += chunk.length;
    yield* startingAt(start, rows.take());
    start = startOf(splitter, rows, offset);
  }
  splitter.end();
  if (inflation.cut !== undefined) rows.endEarly();
  yield* startingAt(start, rows.take());
}

/** Where the row that comes next begins. */
function startOf(splitter: Splitter, rows: Rows, offset: number): ReadPoint | undefined {
  const { waiting, line } = splitter;
  return waiting === undefined
    ? undefined
    : { offset: offset - waiting, row: rows.nextRow, line: line + rows.lineOffset };
}

function* startingAt(
  start: ReadPoint | undefined,
  batches: Generator<RecordBatch, void, undefined>,
): Generator<RecordBatch, void, undefined> {
  const first = batches.next();
  if (first.done === true) return;
  yield start ? { ...first.value, start } : first.value;
  yield* batches;
}

async function* skipBytes(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer, void, undefined> {
  let left = count;
  for await (const chunk of chunks) {
    if (left === 0) yield chunk;
    else if (chunk.length > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
