import { expect, test } from 'vitest';
import { pool, poolingOf } from '../../src/embedders/pooling.ts';

test('tokens are averaged and the mean gets length 1', () => {
  const out = new Float32Array(2);
  pool('mean', Float32Array.of(3, 1, 3, 7), out);
  expect([...out]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
});

test('CLS takes the first token, max the largest of each column', () => {
  const out = new Float32Array(2);
  pool('cls', Float32Array.of(4, 3, 9, 9), out);
  expect([...out]).toEqual([Math.fround(0.8), Math.fround(0.6)]);
  pool('max', Float32Array.of(-3, 1, 3, -4, 0, 4), out);
  expect([...out]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
});

test('a zero state stays zero instead of NaN', () => {
  const out = new Float32Array(2);
  pool('mean', Float32Array.of(1, -1, -1, 1), out);
  expect([...out]).toEqual([0, 0]);
});

test.each([
  [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'cls'],
  [{ pooling_mode_mean_tokens: true, word_embedding_dimension: 384 }, 'mean'],
  [{ pooling_mode_max_tokens: true }, 'max'],
  [{ pooling_mode_mean_tokens: true, pooling_mode_max_tokens: true }, undefined],
  [{ pooling_mode_lasttoken: true }, undefined],
])('%j asks for %s', (config, pooling) => {
  expect(poolingOf(config)).toBe(pooling);
});
