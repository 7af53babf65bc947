import { softmaxRows } from './softmax.ts';

/** Bounds of 1 / temperature. */
const SHARPNESS = { min: 0.05, max: 20 } as const;
/** Each halves nothing less than 0.618 of the interval: enough for 1e-9. */
const SEARCH_STEPS = 60;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Temperature that makes the probabilities of held-out rows most likely: the minimum of their mean log loss, which is
 * convex in 1 / temperature, found by golden section search.
 * Source: Guo et al. 2017, On Calibration of Modern Neural Networks; fixtures/parity/metrics.json.
 *
 * @param scores Before softmax, of rows that the head was not fitted on, shape [rows, classes].
 * @param labels Class of each row.
 */
export function fitTemperature(scores: Float64Array, labels: readonly number[], classes: number): number {
  const loss = (sharpness: number): number => meanLogLoss(scores, labels, classes, sharpness);
  let low = Math.log(SHARPNESS.min);
  let high = Math.log(SHARPNESS.max);
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let leftLoss = loss(Math.exp(left));
  let rightLoss = loss(Math.exp(right));
  for (let step = 0; step < SEARCH_STEPS; step++) {
    if (leftLoss <= rightLoss) {
      [high, right, rightLoss] = [right, left, leftLoss];
      left = high - GOLDEN * (high - low);
      leftLoss = loss(Math.exp(left));
    } else {
      [low, left, leftLoss] = [left, right, rightLoss];
      right = low + GOLDEN * (high - low);
      rightLoss = loss(Math.exp(right));
    }
  }
  return 1 / Math.exp((low + high) / 2);
}

function meanLogLoss(scores: Float64Array, labels: readonly number[], classes: number, sharpness: number): number {
  const probabilities = scores.map((score) => score * sharpness);
  softmaxRows(probabilities, classes);
  let sum = 0;
  for (const [row, label] of labels.entries()) {
    sum -= Math.log(Math.max(probabilities[row * classes + label]!, Number.MIN_VALUE));
  }
  return sum / labels.length;
}
