import type { Method } from '../types.ts';
import { estimateScores, type Estimates } from './bootstrap.ts';
import type { Outcome } from './outcome.ts';

/** How a model does on labelled rows. */
export interface ModelEvaluation extends Estimates {
  readonly rows: number;
  readonly templates: number;
  /** In alphabetical order; true and predicted ones. */
  readonly labels: readonly string[];
  readonly perLabel: readonly LabelScore[];
  readonly perStage: readonly StageScore[];
  /** `confusion[t][p]`: rows of the label t that were given the label p; indices are those of `labels`. */
  readonly confusion: ReadonlyArray<readonly number[]>;
  /** Of what the classifier said, rules left out: they give no probability. Bins of 0.1. */
  readonly reliability: readonly ReliabilityBin[];
  /** Expected calibration error over those bins. */
  readonly ece: number;
  /** Surest rows first; at most `CURVE_POINTS` points. */
  readonly coverage: readonly CoveragePoint[];
  /** Largest share of rows that can be answered at a precision. */
  readonly coverageAt: { readonly p90: number; readonly p95: number };
  /** What is below the threshold and would be asked of the LLM. */
  readonly llm: { readonly rows: number; readonly share: number; readonly templates: number };
}

export interface LabelScore {
  readonly label: string;
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface StageScore {
  readonly method: Method;
  readonly rows: number;
  /** Of all rows, in [0, 1]. */
  readonly share: number;
  /** Share of its answers that are right. */
  readonly precision: number;
  /** Share of all rows that it answered and answered right. */
  readonly recall: number;
  /** Mean F1 of the labels among its rows. */
  readonly macroF1: number;
}

export interface ReliabilityBin {
  readonly from: number;
  readonly rows: number;
  /** Mean; 0 where there are no rows. */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface CoveragePoint {
  /** Share of rows answered. */
  readonly share: number;
  readonly precision: number;
  /** Least confidence of an answered row. */
  readonly confidence: number;
}

const CURVE_POINTS = 200;
const BINS = 10;
const STAGES: readonly Method[] = ['regex', 'lexical_classifier', 'embedding_classifier', 'llm', 'fallback'];

/** @param seed Of the bootstrap. */
export function evaluateOutcomes(outcomes: readonly Outcome[], seed: number): ModelEvaluation {
  const labels = [...new Set(outcomes.flatMap(({ truth, predicted }) => [truth, predicted]))].toSorted();
  const unsure = outcomes.filter(({ method }) => method === 'fallback');
  const reliability = toBins(outcomes.filter(({ method }) => method !== 'regex'));
  const scored = reliability.reduce((sum, { rows }) => sum + rows, 0);
  const curve = toCurve(outcomes);
  const coverageAt = (precision: number): number =>
    curve.reduce((best, point) => (point.precision >= precision ? point.share : best), 0);
  return {
    ...estimateScores(outcomes, labels, seed),
    rows: outcomes.length,
    templates: countTemplates(outcomes),
    labels,
    perLabel: labels
      .map((label) => scoreLabel(label, outcomes))
      .filter(({ support, precision }) => support + precision > 0),
    perStage: STAGES.flatMap((method) => scoreStage(method, outcomes) ?? []),
    confusion: labels.map((truth) => {
      const own = outcomes.filter((outcome) => outcome.truth === truth);
      return labels.map((predicted) => own.filter((outcome) => outcome.predicted === predicted).length);
    }),
    reliability,
    ece: reliability.reduce((sum, bin) => sum + share(bin.rows, scored) * Math.abs(bin.confidence - bin.accuracy), 0),
    coverage: thin(curve),
    coverageAt: { p90: coverageAt(0.9), p95: coverageAt(0.95) },
    llm: {
      rows: unsure.length,
      share: share(unsure.length, outcomes.length),
      templates: countTemplates(unsure),
    },
  };
}

function countTemplates(outcomes: readonly Outcome[]): number {
  return new Set(outcomes.map(({ template }) => template)).size;
}

function scoreLabel(label: string, outcomes: readonly Outcome[]): LabelScore {
  const support = outcomes.filter(({ truth }) => truth === label).length;
  const answered = outcomes.filter(({ predicted }) => predicted === label);
  const hits = answered.filter(isRight).length;
  return {
    label,
    support,
    precision: share(hits, answered.length),
    recall: share(hits, support),
    f1: share(2 * hits, support + answered.length),
  };
}

function scoreStage(method: Method, outcomes: readonly Outcome[]): StageScore | undefined {
  const own = outcomes.filter((outcome) => outcome.method === method);
  if (own.length === 0) return undefined;
  const hits = own.filter(isRight).length;
  const labels = [...new Set(own.map(({ truth }) => truth))];
  const f1s = labels.map((label) => scoreLabel(label, own).f1);
  return {
    method,
    rows: own.length,
    share: share(own.length, outcomes.length),
    precision: share(hits, own.length),
    recall: share(hits, outcomes.length),
    macroF1: share(
      f1s.reduce((sum, f1) => sum + f1, 0),
      f1s.length,
    ),
  };
}

function toBins(outcomes: readonly Outcome[]): ReliabilityBin[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const own = outcomes.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin);
    return {
      from: bin / BINS,
      rows: own.length,
      confidence: share(
        own.reduce((sum, { confidence }) => sum + confidence, 0),
        own.length,
      ),
      accuracy: share(own.filter(isRight).length, own.length),
    };
  });
}

/** Equally sure rows are answered together: one point. */
function toCurve(outcomes: readonly Outcome[]): CoveragePoint[] {
  const surest = outcomes.toSorted((a, b) => b.confidence - a.confidence);
  const points: CoveragePoint[] = [];
  let hits = 0;
  for (const [at, outcome] of surest.entries()) {
    if (isRight(outcome)) hits++;
    if (surest[at + 1]?.confidence === outcome.confidence) continue;
    points.push({ share: (at + 1) / surest.length, precision: hits / (at + 1), confidence: outcome.confidence });
  }
  return points;
}

function thin(points: readonly CoveragePoint[]): CoveragePoint[] {
  const step = Math.max(1, points.length / CURVE_POINTS);
  return points.filter((_, at) => at === points.length - 1 || Math.floor(at / step) !== Math.floor((at - 1) / step));
}

function isRight({ truth, predicted }: Outcome): boolean {
  return truth === predicted;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
