import { expect, test } from 'vitest';
import { chooseThresholds, lexicalThreshold } from '../../src/models/threshold.ts';

/** Rows of the label `a` whose confidence falls from 1 to 0.5; the surest 60 are right. */
const CONFIDENCES = Array.from({ length: 100 }, (_, row) => 0.999 - row / 200);
const PROBABILITIES = Float64Array.from(CONFIDENCES.flatMap((p) => [p, 1 - p]));
const TRUTH = CONFIDENCES.map((_, row) => (row < 60 ? 0 : 1));

test('a precision is reached by the lowest threshold that has it', () => {
  const found = chooseThresholds(PROBABILITIES, TRUTH, ['a', 'b'], { precision: 0.9 });
  expect(found.precision).toBeGreaterThanOrEqual(0.9);
  expect(found.reached).toBe(true);
  expect(found.llmShare).toBeCloseTo(0.34, 2); // 60 right of 66 answered is 0.909, of 67 less than 0.9
});

test('a share for the LLM is kept', () => {
  const found = chooseThresholds(PROBABILITIES, TRUTH, ['a', 'b'], { llmShare: 0.05 });
  expect(found.llmShare).toBeLessThanOrEqual(0.05);
  expect(found.byLabel).toEqual({});
  expect(found.reached).toBe(true);
});

test('a label that is never right enough is left to the LLM, the others are not', () => {
  const rows = Array.from({ length: 200 }, (_, row) => ({ label: row % 2, right: row % 2 === 0 || row % 4 === 1 }));
  const probabilities = Float64Array.from(rows.flatMap(({ label }) => (label === 0 ? [0.8, 0.2] : [0.2, 0.8])));
  const truth = rows.map(({ label, right }) => (right ? label : 1 - label));
  const found = chooseThresholds(probabilities, truth, ['good', 'bad'], { precision: 0.95 });
  expect(found.byLabel['good']).toBeLessThanOrEqual(0.8);
  expect(found.precision).toBe(1);
  expect(found.llmShare).toBeCloseTo(0.5, 6);
});

test('n-grams decide alone only where that costs no accuracy', () => {
  const truth = Array.from({ length: 10 }, () => TRUTH).flat();
  const lexical = Float64Array.from(Array.from({ length: 10 }, () => [...PROBABILITIES]).flat());
  const perfect = Float64Array.from(truth.flatMap((label) => (label === 0 ? [1, 0] : [0, 1])));
  const threshold = lexicalThreshold(lexical, perfect, truth, 2);
  expect(threshold).toBeCloseTo(CONFIDENCES[59]!, 3); // the last one that is right as well
  expect(lexicalThreshold(perfect, lexical, truth, 2)).toBe(1);
});

test('on few rows the encoder is always asked', () => {
  expect(lexicalThreshold(PROBABILITIES, PROBABILITIES, TRUTH, 2)).toBe(1);
});
