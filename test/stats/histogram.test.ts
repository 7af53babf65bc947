import { expect, test } from 'vitest';
import { createHistogram } from '../../src/stats/histogram.ts';

test('a quantile is at most 9 % above the true one', () => {
  const histogram = createHistogram();
  for (let ms = 1; ms <= 1000; ms++) histogram.add(ms, 1);
  for (const q of [0.5, 0.95, 0.99]) {
    expect(histogram.quantile(q)).toBeGreaterThanOrEqual(q * 1000);
    expect(histogram.quantile(q)).toBeLessThan(q * 1000 * 1.0906);
  }
});

test('weights count as that many observations', () => {
  const histogram = createHistogram();
  histogram.add(1, 99);
  histogram.add(100, 1);
  expect(histogram.quantile(0.95)).toBeLessThan(2);
  expect(histogram.quantile(0.995)).toBeGreaterThanOrEqual(100);
});

test('nothing counted reads 0; durations out of range fall into the outer buckets', () => {
  const histogram = createHistogram();
  expect(histogram.quantile(0.5)).toBe(0);
  histogram.add(0, 1);
  expect(histogram.quantile(0.5)).toBeLessThan(0.002);
  histogram.add(Number.MAX_SAFE_INTEGER, 1_000);
  expect(histogram.quantile(0.5)).toBeGreaterThan(3_600_000);
});
