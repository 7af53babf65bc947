import { expect, test } from 'vitest';
import { predictProba, type Head } from '../../src/head/predict.ts';
import { features, largestDifference, readParity } from './fixtures.ts';

interface HeadFixture {
  readonly classes: number;
  readonly columns: number;
  readonly coef: ReadonlyArray<readonly number[]>;
  readonly intercept: readonly number[];
  readonly x: ReadonlyArray<readonly number[]>;
  readonly probabilities: ReadonlyArray<readonly number[]>;
}

const TWO: Head = {
  classes: 2,
  columns: 1,
  coef: Float64Array.of(0, 1),
  intercept: Float64Array.of(0, Math.log(3)),
};

test('probabilities equal those of scikit-learn', async () => {
  const { classes, columns, coef, intercept, x, probabilities } = await readParity<HeadFixture>('head.json');
  const head = { classes, columns, coef: Float64Array.from(coef.flat()), intercept: Float64Array.from(intercept) };
  expect(largestDifference(predictProba(features(x), head), probabilities)).toBeLessThan(1e-6);
});

test('probabilities of a row sum to 1, even for scores that overflow exp', () => {
  const [a, b] = predictProba(features([[2000]]), TWO);
  expect([a, b]).toEqual([0, 1]);
});

test('a temperature above 1 softens', () => {
  expect(predictProba(features([[0]]), TWO)[1]).toBeCloseTo(0.75, 12);
  expect(predictProba(features([[0]]), TWO, 2)[1]).toBeCloseTo(Math.sqrt(3) / (1 + Math.sqrt(3)), 12);
});

test('vectors of another length are refused', () => {
  expect(() => predictProba(features([[1, 2]]), TWO)).toThrow(expect.objectContaining({ code: 'E_MODEL_SHAPE' }));
});
