import { expect, test } from 'vitest';
import { sideBySide } from '../../src/head/features.ts';
import { predictProba } from '../../src/head/predict.ts';
import { fitHead } from '../../src/head/train.ts';
import { features, largestDifference, readParity } from './fixtures.ts';

interface TrainFixture {
  readonly classes: number;
  readonly x: ReadonlyArray<readonly number[]>;
  readonly y: readonly number[];
  readonly testX: ReadonlyArray<readonly number[]>;
  readonly fits: ReadonlyArray<{
    readonly c: number;
    readonly rowWeights: readonly number[] | null;
    readonly coef: ReadonlyArray<readonly number[]>;
    readonly probabilities: ReadonlyArray<readonly number[]>;
  }>;
}

const fixture = await readParity<TrainFixture>('train.json');

test.each(fixture.fits.map((fit) => ({ ...fit, rows: fit.rowWeights === null ? 'equal' : 'weighted' })))(
  'a fit with C = $c and $rows rows equals the one of scikit-learn',
  ({ c, rowWeights, coef, probabilities }) => {
    const weights = rowWeights === null ? {} : { rowWeights: Float64Array.from(rowWeights) };
    const options = { c, classes: fixture.classes, tolerance: 1e-8, maxIterations: 2000, ...weights };
    const fit = fitHead(features(fixture.x), fixture.y, options);
    expect(fit.converged).toBe(true);
    expect(largestDifference(fit.head.coef, coef)).toBeLessThan(1e-3);
    expect(largestDifference(predictProba(features(fixture.testX), fit.head), probabilities)).toBeLessThan(1e-4);
  },
);

test('the same rows give the same bits', () => {
  const options = { c: 3, classes: fixture.classes };
  const once = fitHead(features(fixture.x), fixture.y, options).head;
  expect(fitHead(features(fixture.x), fixture.y, options).head).toEqual(once);
});

test('columns in two blocks give the same fit as in one', () => {
  const left = features(fixture.x.map((row) => row.slice(0, 5)));
  const right = features(fixture.x.map((row) => row.slice(5)));
  const options = { c: 3, classes: fixture.classes, tolerance: 1e-8, maxIterations: 2000 };
  const together = fitHead(features(fixture.x), fixture.y, options).head;
  const apart = fitHead(sideBySide([left, right]), fixture.y, options).head;
  expect(Math.max(...apart.coef.map((value, i) => Math.abs(value - together.coef[i]!)))).toBeLessThan(1e-4);
});

test('a row of weight 2 counts like the row twice', () => {
  const x = fixture.x.slice(0, 40);
  const y = fixture.y.slice(0, 40);
  const options = { c: 1, classes: fixture.classes, tolerance: 1e-9, maxIterations: 2000 };
  const weighted = fitHead(features(x), y, {
    ...options,
    rowWeights: Float64Array.from(x, (_, i) => (i === 0 ? 2 : 1)),
  });
  const repeated = fitHead(features([x[0]!, ...x]), [y[0]!, ...y], options);
  const differences = weighted.head.coef.map((value, i) => Math.abs(value - repeated.head.coef[i]!));
  expect(Math.max(...differences)).toBeLessThan(1e-5);
});

test('a class without rows gets no weight and does not disturb the others', () => {
  const { head } = fitHead(
    features([
      [1, 0],
      [0, 1],
    ]),
    [0, 1],
    { c: 1, classes: 3 },
  );
  const [a, b, absent] = predictProba(features([[1, 0]]), head);
  expect(a).toBeGreaterThan(b!);
  expect(b).toBeGreaterThan(absent!);
});
