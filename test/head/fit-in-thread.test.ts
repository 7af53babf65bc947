import { expect, test } from 'vitest';
import { denseFeatures, sideBySide } from '../../src/head/features.ts';
import { fitInThread } from '../../src/head/fit-in-thread.ts';
import { sparseFeatures } from '../../src/head/sparse.ts';
import { fitHead } from '../../src/head/train.ts';

const ROWS = 60;
const labels = Array.from({ length: ROWS }, (_, row) => row % 3);
const dense = denseFeatures(
  Float32Array.from({ length: ROWS * 4 }, (_, i) => Math.sin(i) + (i % 4 === labels[i >> 2] ? 1 : 0)),
  4,
);
const sparse = sparseFeatures({
  columns: 5,
  starts: Int32Array.from({ length: ROWS + 1 }, (_, row) => row),
  indices: Int32Array.from({ length: ROWS }, (_, row) => (row * 7) % 5),
  values: Float32Array.from({ length: ROWS }, (_, row) => 1 + (row % 2)),
});
const features = sideBySide([dense, sparse]);
const options = { c: 3, classes: 3, rowWeights: Float64Array.from(labels, (_, row) => 1 + (row % 4)) };

test('a thread fits what this one would, bit for bit', async () => {
  expect(await fitInThread(features, labels, options, new AbortController().signal)).toEqual(
    fitHead(features, labels, options),
  );
});

test('an abort ends the thread and rejects with its reason', async () => {
  const stop = new AbortController();
  const fit = fitInThread(features, labels, options, stop.signal);
  stop.abort(new Error('enough')); // long before a thread has started
  await expect(fit).rejects.toThrow('enough');
  await expect(fitInThread(features, labels, options, stop.signal)).rejects.toThrow('enough');
});

test('an error in the thread comes out', async () => {
  const broken = denseFeatures(new Float32Array(8), 4);
  await expect(
    fitInThread(broken, [0, undefined as never], { ...options, classes: -1 }, new AbortController().signal),
  ).rejects.toThrow();
});
