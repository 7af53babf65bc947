import { Buffer } from 'node:buffer';
import { createWriter, type OutputFormat } from '../../src/output/index.ts';
import type { WriterOptions } from '../../src/output/writer.ts';
import type { LabelledBatch, Layout, TableLayout, Verdict } from '../../src/types.ts';

export const lines: Layout = { kind: 'lines' };

export function table(header: string, overrides: Partial<TableLayout> = {}): TableLayout {
  const delimiter = overrides.delimiter ?? ',';
  const columns = header.split(delimiter);
  return { kind: 'table', header, columns, messageColumn: 0, delimiter, lineEnd: '\n', ...overrides };
}

export const storage: Verdict = { label: 'storage', confidence: 0.875, method: 'embedding_classifier' };

/** Rows as a reader hands them on: each character a byte. */
export function batch(
  raws: readonly string[],
  verdicts: readonly Verdict[] = raws.map(() => storage),
  firstRow = 1,
): LabelledBatch {
  return { firstRow, raws, texts: raws, verdicts };
}

/** Everything a writer makes of batches, as bytes in a string. */
export async function written(
  format: OutputFormat | undefined,
  layout: Layout,
  batches: readonly LabelledBatch[],
  options: WriterOptions = {},
): Promise<string> {
  return Buffer.concat(await chunksOf(format, layout, batches, options)).toString('latin1');
}

export async function chunksOf(
  format: OutputFormat | undefined,
  layout: Layout,
  batches: readonly LabelledBatch[],
  options: WriterOptions = {},
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createWriter(format, layout, options)(each(batches))) chunks.push(chunk);
  return chunks;
}

/** UTF-8 bytes of a text, one character a byte. */
export function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export async function* each<T>(values: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* values;
}
