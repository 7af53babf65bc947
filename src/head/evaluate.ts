import { argmax } from './predict.ts';

export interface Evaluation {
  readonly rows: number;
  /** Share of rows whose most probable class is right. */
  readonly accuracy: number;
  /** Mean F1 of the classes that occur among the true ones. */
  readonly macroF1: number;
  readonly perClass: readonly ClassScore[];
  /** Expected calibration error over 10 equal bins of the top probability. */
  readonly ece: number;
  readonly coverageAt90: Coverage;
  readonly coverageAt95: Coverage;
}

export interface ClassScore {
  readonly label: string;
  /** True rows of the class. */
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** How much can be answered at a demanded precision. */
export interface Coverage {
  /** Share of all rows. */
  readonly share: number;
  /** Lowest top probability among those rows; 1 when there are none. */
  readonly threshold: number;
}

/**
 * Scores predictions against the truth. fixtures/parity/metrics.json holds scikit-learn's figures for the same input.
 *
 * @param probabilities Shape [rows, labels.length].
 * @param truth True class of each row.
 */
export function evaluate(probabilities: Float64Array, truth: readonly number[], labels: readonly string[]): Evaluation {
  const predictions = truth.map((label, row) => topOf(probabilities, row, labels.length, label));
  const perClass = labels.map((label, index) => scoreClass(label, index, predictions));
  const occurring = perClass.filter((score) => score.support > 0);
  return {
    rows: truth.length,
    accuracy: share(predictions.filter(isRight).length, truth.length),
    macroF1: share(
      occurring.reduce((sum, score) => sum + score.f1, 0),
      occurring.length,
    ),
    perClass,
    ece: expectedCalibrationError(predictions),
    coverageAt90: coverageAt(0.9, predictions),
    coverageAt95: coverageAt(0.95, predictions),
  };
}

interface Prediction {
  readonly truth: number;
  readonly predicted: number;
  readonly confidence: number;
}

function topOf(probabilities: Float64Array, row: number, classes: number, truth: number): Prediction {
  const predicted = argmax(probabilities, row * classes, classes);
  return { truth, predicted, confidence: probabilities[row * classes + predicted]! };
}

function scoreClass(label: string, index: number, predictions: readonly Prediction[]): ClassScore {
  const support = predictions.filter(({ truth }) => truth === index).length;
  const answered = predictions.filter(({ predicted }) => predicted === index);
  const hits = answered.filter(isRight).length;
  const precision = share(hits, answered.length);
  const recall = share(hits, support);
  return { label, support, precision, recall, f1: share(2 * hits, answered.length + support) };
}

/** Source: Naeini et al. 2015; bins [0, 0.1), … [0.9, 1]. */
function expectedCalibrationError(predictions: readonly Prediction[]): number {
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, hits: 0 }));
  for (const prediction of predictions) {
    const bin = bins[Math.min(9, Math.floor(prediction.confidence * 10))]!;
    bin.confidence += prediction.confidence;
    bin.hits += isRight(prediction) ? 1 : 0;
  }
  return share(
    bins.reduce((sum, bin) => sum + Math.abs(bin.hits - bin.confidence), 0),
    predictions.length,
  );
}

/** The most rows, surest first and equally sure ones together, of which at least `precision` are right. */
function coverageAt(precision: number, predictions: readonly Prediction[]): Coverage {
  const surest = predictions.toSorted((a, b) => b.confidence - a.confidence);
  let hits = 0;
  let best: Coverage = { share: 0, threshold: 1 };
  for (const [index, prediction] of surest.entries()) {
    if (isRight(prediction)) hits++;
    const endsTie = surest[index + 1]?.confidence !== prediction.confidence;
    if (endsTie && hits >= precision * (index + 1)) {
      best = { share: (index + 1) / surest.length, threshold: prediction.confidence };
    }
  }
  return best;
}

function isRight({ truth, predicted }: Prediction): boolean {
  return truth === predicted;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
