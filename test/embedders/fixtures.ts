import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The bundled encoder's folder. */
export const BUNDLED = fileURLToPath(new URL('../../models/logs-MiniLM-L3/', import.meta.url));

export async function readParity<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`../../fixtures/parity/${name}`, import.meta.url), 'utf8')) as T;
}

export interface EmbeddingFixture {
  readonly dim: number;
  readonly texts: readonly string[];
  /** Float32, little-endian, shape [texts, dim], in base64. */
  readonly vectors: string;
}

export function decodeVectors({ vectors }: EmbeddingFixture): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(vectors, 'base64')).buffer);
}

/**
 * Cosine below which vectors of one file are others. Kinds of CPU and versions of ONNX Runtime differ in the last bit of a sum,
 * and where that lies between two of the 256 steps of an 8-bit value it is rounded the other way. The fixture is of the version
 * that is shipped and keeps 0.9999999 on the CPU that made it; one of version 1.32 keeps 0.998.
 */
export const SAME_VECTOR = 0.999;

/** Lowest cosine between row i of a and row i of b; rows are unit vectors. */
export function lowestCosine(a: Float32Array, b: Float32Array, dim: number): number {
  let lowest = 1;
  for (let start = 0; start < a.length; start += dim) {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += a[start + k]! * b[start + k]!;
    lowest = Math.min(lowest, sum);
  }
  return lowest;
}

/** Largest absolute difference of two numbers at the same place; Infinity where the lengths differ. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.length === b.length
    ? a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b[at]!)), 0)
    : Infinity;
}
