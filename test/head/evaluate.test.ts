import { expect, test } from 'vitest';
import { fitTemperature } from '../../src/head/calibrate.ts';
import { evaluate } from '../../src/head/evaluate.ts';
import { toProbabilities } from '../../src/head/predict.ts';
import { readParity } from './fixtures.ts';

interface MetricsFixture {
  readonly classes: number;
  readonly scores: ReadonlyArray<readonly number[]>;
  readonly truth: readonly number[];
  readonly temperature: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly ece: number;
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly f1: readonly number[];
  readonly support: readonly number[];
  readonly coverageAt90: number;
  readonly coverageAt95: number;
}

const fixture = await readParity<MetricsFixture>('metrics.json');
const scores = Float64Array.from(fixture.scores.flat());

test('scores equal those of scikit-learn', () => {
  const labels = Array.from({ length: fixture.classes }, (_, i) => `label ${i}`);
  const result = evaluate(toProbabilities(scores, 1, fixture.classes), fixture.truth, labels);
  expect(result.accuracy).toBeCloseTo(fixture.accuracy, 12);
  expect(result.macroF1).toBeCloseTo(fixture.macroF1, 12);
  expect(result.ece).toBeCloseTo(fixture.ece, 12);
  expect(result.coverageAt90.share).toBe(fixture.coverageAt90);
  expect(result.coverageAt95.share).toBe(fixture.coverageAt95);
  expect(result.perClass.map(({ support }) => support)).toEqual(fixture.support);
  for (const [i, score] of result.perClass.entries()) {
    expect([score.precision, score.recall, score.f1]).toEqual([
      expect.closeTo(fixture.precision[i]!, 12),
      expect.closeTo(fixture.recall[i]!, 12),
      expect.closeTo(fixture.f1[i]!, 12),
    ]);
  }
});

test('the temperature equals the one that scipy finds', () => {
  expect(fitTemperature(scores, fixture.truth, fixture.classes)).toBeCloseTo(fixture.temperature, 5);
});

test('a label that never occurs does not lower the macro F1', () => {
  const result = evaluate(Float64Array.of(0.9, 0.1, 0), [0], ['a', 'b', 'absent']);
  expect(result.macroF1).toBe(1);
});

test('equally sure rows are covered together or not at all', () => {
  const sure = Float64Array.of(0.8, 0.2, 0.8, 0.2, 0.6, 0.4);
  expect(evaluate(sure, [0, 1, 0], ['a', 'b']).coverageAt90).toEqual({ share: 0, threshold: 1 });
  expect(evaluate(sure, [0, 0, 1], ['a', 'b']).coverageAt90).toEqual({ share: 2 / 3, threshold: 0.8 });
});

test('no rows score nothing instead of NaN', () => {
  const { accuracy, macroF1, ece } = evaluate(new Float64Array(), [], ['a']);
  expect([accuracy, macroF1, ece]).toEqual([0, 0, 0]);
});
