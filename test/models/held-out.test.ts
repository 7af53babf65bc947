import { expect, test } from 'vitest';
import { denseFeatures } from '../../src/head/features.ts';
import { heldOutScores } from '../../src/models/held-out.ts';

const split = { folds: 4, seed: 1 };

/** Rows whose first value tells their class. */
function separable(rows: number): { groups: string[]; truth: number[]; data: Parameters<typeof heldOutScores>[0] } {
  const truth = Array.from({ length: rows }, (_, row) => row % 2);
  const values = Float32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? truth[i >> 1]! * 2 - 1 : Math.sin(i)));
  const data = { features: denseFeatures(values, 2), truth, rowWeights: new Float64Array(rows).fill(1), classes: 2 };
  return { groups: truth.map((_, row) => `g${row}`), truth, data };
}

test.each([
  ['few', 200],
  ['so many rows that threads fit the folds', 5000],
])('every row gets a score for each strength: %s', async (_, rows) => {
  const { groups, truth, data } = separable(rows);
  let fits = 0;
  const [weak, strong] = await heldOutScores(
    data,
    { ...split, groups },
    [0.001, 10],
    new AbortController().signal,
    () => fits++,
  );
  expect(fits).toBe(2 * split.folds);
  const margin = (scores: Float64Array, row: number): number =>
    scores[2 * row + truth[row]!]! - scores[2 * row + 1 - truth[row]!]!;
  const margins = truth.map((_class, row) => margin(strong!, row));
  expect(Math.min(...margins)).toBeGreaterThan(1);
  expect(margins.every((at, row) => at > margin(weak!, row))).toBe(true);
});

test('an abort stops the folds of either kind', async () => {
  for (const rows of [200, 5000]) {
    const { groups, data } = separable(rows);
    const stop = new AbortController();
    const scores = heldOutScores(data, { ...split, groups }, [10], stop.signal);
    stop.abort(new Error('enough'));
    await expect(scores).rejects.toThrow('enough');
  }
});
