import { LogiqError } from '../errors.ts';
import type { Features } from './features.ts';
import { softmaxRows } from './softmax.ts';

/** Parameters of a multinomial logistic regression. */
export interface Head {
  readonly classes: number;
  /** Length of one feature vector. */
  readonly columns: number;
  /** Shape [classes, columns]. */
  readonly coef: Float64Array;
  /** Shape [classes]. */
  readonly intercept: Float64Array;
}

/**
 * Multinomial logistic regression: softmax((coef · x + intercept) / temperature).
 * Source: scikit-learn `LogisticRegression.predict_proba`; fixtures/parity/head.json holds its output.
 *
 * @param temperature Above 1 softens, below 1 sharpens; 1 leaves the regression's own probabilities.
 * @returns Shape [rows, classes]; each row sums to 1 within 1e-12.
 * @throws {LogiqError} E_MODEL_SHAPE when `head` was made for another number of columns.
 */
export function predictProba(features: Features, head: Head, temperature = 1): Float64Array {
  return toProbabilities(predictScores(features, head), temperature, head.classes);
}

/** @param scores Before softmax, shape [rows, classes]; left as they are. */
export function toProbabilities(scores: Float64Array, temperature: number, classes: number): Float64Array {
  const probabilities = scores.map((score) => score / temperature);
  softmaxRows(probabilities, classes);
  return probabilities;
}

/**
 * The regression before its softmax.
 *
 * @returns Shape [rows, classes].
 * @throws {LogiqError} E_MODEL_SHAPE when `head` was made for another number of columns.
 */
export function predictScores(features: Features, head: Head): Float64Array {
  if (features.columns !== head.columns) {
    throw new LogiqError(
      'E_MODEL_SHAPE',
      `The classifier takes vectors of length ${head.columns}, the embedder gives ${features.columns}.`,
      'Use the embedder that the model names, or train a model on this one.',
    );
  }
  const scores = new Float64Array(features.rows * head.classes);
  for (let row = 0; row < features.rows; row++) scores.set(head.intercept, row * head.classes);
  features.addScores(head.coef, head.columns, 0, scores);
  return scores;
}

/** Position of the largest of `classes` values that start at `start`; the first of equals. */
export function argmax(values: Float64Array, start: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (values[start + c]! > values[start + best]!) best = c;
  return best;
}
