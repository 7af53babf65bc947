import { readFile } from 'node:fs/promises';
import { denseFeatures, type Features } from '../../src/head/features.ts';

export async function readParity<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`../../fixtures/parity/${name}`, import.meta.url), 'utf8')) as T;
}

export function features(rows: ReadonlyArray<readonly number[]>): Features {
  return denseFeatures(Float32Array.from(rows.flat()), rows[0]!.length);
}

/** Largest difference between two tables of numbers. */
export function largestDifference(actual: ArrayLike<number>, expected: ReadonlyArray<readonly number[]>): number {
  return Math.max(...expected.flat().map((value, i) => Math.abs(value - actual[i]!)));
}
