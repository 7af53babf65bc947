import { expect, test } from 'vitest';
import { poolMean } from '../../src/embedders/pooling.ts';

test('tokens are averaged and the mean gets length 1', () => {
  const out = new Float32Array(2);
  poolMean(Float32Array.of(3, 1, 3, 7), out);
  expect([...out]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
});

test('a zero state stays zero instead of NaN', () => {
  const out = new Float32Array(2);
  poolMean(Float32Array.of(1, -1, -1, 1), out);
  expect([...out]).toEqual([0, 0]);
});
