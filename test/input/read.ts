import { Buffer } from 'node:buffer';
import { openInput, type InputOptions, type RecordStream } from '../../src/input/index.ts';
import type { DamageKind } from '../../src/types.ts';

/** What came out of an input, batches put together. */
export interface Read extends Omit<RecordStream, 'batches'> {
  readonly raws: string[];
  readonly texts: string[];
  /** By row number, from 1. */
  readonly damaged: Map<number, DamageKind>;
  readonly batchSizes: number[];
}

/** Bytes of a text in UTF-8, or as they are. */
export function bytes(input: string | Uint8Array): Buffer {
  return typeof input === 'string' ? Buffer.from(input, 'utf8') : Buffer.from(input);
}

export async function* chunked(...chunks: ReadonlyArray<string | Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for (const chunk of chunks) yield bytes(chunk);
}

/** Chunks of `size` bytes. */
export async function* every(size: number, input: string | Uint8Array): AsyncGenerator<Uint8Array, void> {
  const all = bytes(input);
  for (let from = 0; from < all.length; from += size) yield all.subarray(from, from + size);
}

export async function readAll(
  source: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: InputOptions = {},
): Promise<Read> {
  const isBytes = typeof source === 'string' || source instanceof Uint8Array;
  const { batches, ...stream } = await openInput(isBytes ? chunked(source) : source, options);
  const raws: string[] = [];
  const texts: string[] = [];
  const damaged = new Map<number, DamageKind>();
  const batchSizes: number[] = [];
  for await (const batch of batches) {
    if (batch.firstRow !== raws.length + 1) throw new Error(`batch begins at row ${batch.firstRow}`);
    for (const [index, kind] of batch.damaged ?? []) damaged.set(batch.firstRow + index, kind);
    raws.push(...batch.raws);
    texts.push(...batch.texts);
    batchSizes.push(batch.raws.length);
  }
  return { ...stream, raws, texts, damaged, batchSizes };
}
