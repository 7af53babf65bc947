import { Buffer } from 'node:buffer';
import type { LabelledBatch, Layout } from '../types.ts';
import { createCsv } from './csv.ts';
import { createJsonl } from './jsonl.ts';
import { createRaw } from './raw.ts';
import { createTsv } from './tsv.ts';
import type { RowFormat, RowFormatFactory, Writer, WriterOptions } from './writer.ts';

/** To add a format: one file in this folder and one line here. */
const formats = { csv: createCsv, tsv: createTsv, jsonl: createJsonl, raw: createRaw } satisfies Record<
  string,
  RowFormatFactory
>;

export type OutputFormat = keyof typeof formats;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of a literal
export const OUTPUT_FORMATS = Object.keys(formats) as readonly OutputFormat[];

/**
 * @param format Undefined: like the input, so that TSV and JSON lines stay what they are; CSV for raw lines.
 */
export function createWriter(format: OutputFormat | undefined, layout: Layout, options: WriterOptions = {}): Writer {
  const rowFormat = formats[format ?? formatLike(layout)](layout, options);
  return (batches) => write(batches, options.head === false ? { ...rowFormat, head: '' } : rowFormat);
}

/** The format of an output that nobody named one for. */
export function formatLike(layout: Layout): OutputFormat {
  if (layout.kind === 'json') return 'jsonl';
  return layout.kind === 'table' && layout.delimiter === '\t' ? 'tsv' : 'csv';
}

async function* write(
  batches: AsyncIterable<LabelledBatch>,
  format: RowFormat,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (format.head !== '') yield Buffer.from(format.head, 'latin1');
  for await (const batch of batches) {
    if (batch.raws.length > 0) yield Buffer.from(format.rows(batch), 'latin1');
  }
}
