import type { Head } from '../head/predict.ts';
import type { SparseRows } from '../head/sparse.ts';
import type { Vocabulary } from '../head/tfidf.ts';

/** Weights of n-grams in eight bits: what is lost of a score is less than a hundredth. */
export interface QuantisedWeights {
  /** What one step of each class's weights is worth, length classes. */
  readonly scales: Float32Array;
  /** Shape [columns, classes]. */
  readonly weights: Int8Array;
}

export interface NgramWeights extends QuantisedWeights {
  readonly vocabulary: Vocabulary;
}

/** A head over n-grams alone, for templates of which they tell enough. Its weights may be the joint head's on another scale. */
export interface LexicalHead extends QuantisedWeights {
  readonly intercept: Float32Array;
  readonly temperature: number;
  /** Least confidence in [0, 1] at which the encoder is not asked. */
  readonly threshold: number;
}

/** @param from First of the `columns` columns that are n-grams. */
export function quantise({ classes, columns: stride, coef }: Head, from: number, columns: number): QuantisedWeights {
  const scales = new Float32Array(classes);
  const weights = new Int8Array(columns * classes);
  for (let c = 0; c < classes; c++) {
    const own = coef.subarray(c * stride + from, c * stride + from + columns);
    scales[c] = own.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) / 127;
    if (scales[c] === 0) continue;
    for (let k = 0; k < columns; k++) weights[k * classes + c] = Math.round(own[k]! / scales[c]!);
  }
  return { scales, weights };
}

/**
 * Sums each row's n-grams as weighted, before the scales, so that heads of the same weights share them.
 *
 * @returns Shape [rows, classes].
 */
export function sumNgrams({ starts, indices, values }: SparseRows, { scales, weights }: QuantisedWeights): Float64Array {
  const classes = scales.length;
  const rows = starts.length - 1;
  const sums = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const to = row * classes;
    for (let entry = starts[row]!; entry < starts[row + 1]!; entry++) {
      const value = values[entry]!;
      const at = indices[entry]! * classes;
      for (let c = 0; c < classes; c++) sums[to + c]! += value * weights[at + c]!;
    }
  }
  return sums;
}

/** Adds what the sums are worth to `scores`, both of shape [rows, classes]. */
export function addNgramScores(sums: Float64Array, { scales }: QuantisedWeights, scores: Float64Array): void {
  const classes = scales.length;
  for (let at = 0; at < sums.length; at++) scores[at]! += sums[at]! * scales[at % classes]!;
}
