import type { ByteString, LabelledBatch, Layout } from '../types.ts';

export interface WriterOptions {
  /** Adds what led to a verdict: the column `rule`. */
  readonly explain?: boolean | undefined;
  /** Guards every cell that a spreadsheet would take for a formula; of `csv` and `tsv`. */
  readonly csvSafe?: boolean | undefined;
  /** Whether the header is written; it is unless this is false. */
  readonly head?: boolean | undefined;
  /** Adds the column `file` with this name, for an output of several inputs. */
  readonly file?: string | undefined;
  /** Adds the column `event`, for batches whose rows are numbered by event; not of tables. */
  readonly events?: boolean | undefined;
}

/** One chunk a batch, after one for the header where the format has one; every chunk ends with a whole row. */
export type Writer = (batches: AsyncIterable<LabelledBatch>) => AsyncGenerator<Uint8Array, void, undefined>;

/** A format: what stands before the first row, and the rows of a batch. */
export interface RowFormat {
  readonly head: ByteString;
  rows(batch: LabelledBatch): ByteString;
}

export type RowFormatFactory = (layout: Layout, options: WriterOptions) => RowFormat;
