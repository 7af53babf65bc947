import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { evaluateOutcomes } from '../../src/evaluation/evaluation.ts';
import type { Outcome } from '../../src/evaluation/outcome.ts';
import { renderEvaluationHtml } from '../../src/report/eval-html.ts';
import { renderEvaluation } from '../../src/report/eval-table.ts';

function outcome(
  truth: string,
  predicted: string,
  confidence: number,
  method: Outcome['method'],
  template = truth,
): Outcome {
  return { truth, predicted, confidence, method, template };
}

const OUTCOMES = [
  outcome('a', 'a', 1, 'regex'),
  outcome('a', 'a', 0.9, 'embedding_classifier'),
  outcome('b', 'a', 0.7, 'embedding_classifier', 't'),
  outcome('b', 'b', 0.4, 'fallback', 'u'),
];

test('labels, stages, confusion and what is left to the LLM add up', () => {
  const found = evaluateOutcomes(OUTCOMES, 1);
  expect(found.accuracy.value).toBe(0.75);
  expect(found.macroF1.value).toBeCloseTo((0.8 + 2 / 3) / 2, 12);
  expect(found.perLabel.map(({ label, precision, recall }) => [label, precision, recall])).toEqual([
    ['a', 2 / 3, 1],
    ['b', 1, 0.5],
  ]);
  expect(found.perStage.map(({ method, rows, precision, recall }) => [method, rows, precision, recall])).toEqual([
    ['regex', 1, 1, 0.25],
    ['embedding_classifier', 2, 0.5, 0.25],
    ['fallback', 1, 1, 0.25],
  ]);
  expect(found.confusion).toEqual([
    [2, 0],
    [1, 1],
  ]);
  expect(found.llm).toEqual({ rows: 1, share: 0.25, templates: 1 });
  expect(found.coverageAt).toEqual({ p90: 0.5, p95: 0.5 });
});

test('rules give no probability and do not count for calibration', () => {
  // bins 0.9: 1 row right, 0.7: 1 wrong, 0.4: 1 right
  expect(evaluateOutcomes(OUTCOMES, 1).ece).toBeCloseTo((0.1 + 0.7 + 0.6) / 3, 12);
});

test('intervals hold the value, are seeded, and rows of one template count as one observation', () => {
  const rows = Array.from({ length: 100 }, (_, at) =>
    outcome('a', at % 4 === 0 ? 'b' : 'a', 0.5, 'fallback', `t${at}`),
  );
  const wide = evaluateOutcomes(rows, 1).accuracy;
  expect(wide.low).toBeLessThan(0.75);
  expect(wide.high).toBeGreaterThan(0.75);
  expect(evaluateOutcomes(rows, 1).accuracy).toEqual(wide);
  const repeated = rows.flatMap((row) => Array.from({ length: 10 }, () => row));
  expect(evaluateOutcomes(repeated, 1).accuracy).toEqual(wide);
});

test('the page is whole by itself: foreign text is shown, the policy allows its one style alone', () => {
  const evil = '<img src=x onerror=alert(1)>';
  const page = renderEvaluationHtml(evaluateOutcomes([outcome(evil, 'a', 0.5, 'fallback')], 1), {
    name: evil,
    embedder: null,
    threshold: 0.5,
    files: ['"><script>'],
  });
  expect(page).not.toContain('<img');
  expect(page).not.toContain('<script');
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  const [, style = ''] = /<style>([^]*)<\/style>/.exec(page) ?? [];
  expect(page).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(page).not.toMatch(/\sstyle=|https?:/);
});

test('the table names what is confused', () => {
  expect(renderEvaluation(evaluateOutcomes(OUTCOMES, 1))).toContain('b taken for a');
});
