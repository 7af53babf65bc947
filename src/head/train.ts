import { setImmediate } from 'node:timers/promises';
import type { Features } from './features.ts';
import { minimizeInSteps } from './lbfgs.ts';
import type { Head } from './predict.ts';
import { softmaxRows } from './softmax.ts';

export interface FitOptions {
  /** Inverse strength of the L2 penalty, as scikit-learn's `C`. */
  readonly c: number;
  readonly classes: number;
  /** Weight of each row, before the class's; 1 each where absent. */
  readonly rowWeights?: Float64Array;
  /** Stop when no element of the mean loss's gradient is larger than this; 1e-4, as scikit-learn, where absent. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

export interface Fit {
  readonly head: Head;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Fits a multinomial logistic regression with balanced class weights and an L2 penalty on everything but the intercept.
 * The mean of the weighted log losses plus |coef|² / (2 · C · Σ weights) is minimised, which is scikit-learn's objective
 * (`LogisticRegression(C, class_weight='balanced')`) up to a factor; fixtures/parity/train.json holds its fits.
 *
 * @param labels Class of each row, in [0, classes).
 */
export function fitHead(features: Features, labels: readonly number[], options: FitOptions): Fit {
  const steps = fitInSteps(features, labels, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * `fitHead` that leaves its thread to others after each iteration.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function fitHeadPausing(
  features: Features,
  labels: readonly number[],
  options: FitOptions,
  signal: AbortSignal,
): Promise<Fit> {
  const steps = fitInSteps(features, labels, options);
  for (;;) {
    signal.throwIfAborted();
    const step = steps.next();
    if (step.done === true) return step.value;
    await setImmediate();
  }
}

function* fitInSteps(
  features: Features,
  labels: readonly number[],
  options: FitOptions,
): Generator<undefined, Fit, undefined> {
  const { c, classes, tolerance = 1e-4, maxIterations = 500 } = options;
  const { rows, columns } = features;
  const rowWeights = options.rowWeights ?? new Float64Array(rows).fill(1);
  const weights = balance(labels, rowWeights, classes);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const penalty = 1 / (c * total);
  const size = classes * columns;
  const residuals = new Float64Array(rows * classes);

  const loss = (x: Float64Array, gradient: Float64Array): number => {
    const coef = x.subarray(0, size);
    const intercept = x.subarray(size);
    for (let row = 0; row < rows; row++) residuals.set(intercept, row * classes);
    features.addScores(coef, columns, 0, residuals);
    softmaxRows(residuals, classes);

    let value = 0;
    const interceptGradient = gradient.subarray(size);
    for (let row = 0; row < rows; row++) {
      const start = row * classes;
      const share = weights[row]! / total;
      const truth = start + labels[row]!;
      value -= share * Math.log(Math.max(residuals[truth]!, Number.MIN_VALUE));
      residuals[truth]! -= 1;
      for (let k = 0; k < classes; k++) {
        residuals[start + k]! *= share;
        interceptGradient[k]! += residuals[start + k]!;
      }
    }
    features.addGradient(residuals, gradient.subarray(0, size), columns, 0);
    for (let i = 0; i < size; i++) {
      value += (penalty / 2) * coef[i]! * coef[i]!;
      gradient[i]! += penalty * coef[i]!;
    }
    return value;
  };

  const start = new Float64Array(size + classes);
  const { x, iterations, converged } = yield* minimizeInSteps(loss, start, { tolerance, maxIterations });
  return { head: { classes, columns, coef: x.slice(0, size), intercept: x.slice(size) }, iterations, converged };
}

/**
 * Row weights times class weights, which give every class that occurs the same sum.
 * Source: scikit-learn `compute_class_weight('balanced', sample_weight=…)`.
 */
function balance(labels: readonly number[], rowWeights: Float64Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  let total = 0;
  for (const [row, label] of labels.entries()) {
    sums[label]! += rowWeights[row]!;
    total += rowWeights[row]!;
  }
  const occurring = sums.reduce((count, sum) => count + (sum > 0 ? 1 : 0), 0);
  return rowWeights.map((weight, row) => (weight === 0 ? 0 : (weight * total) / (occurring * sums[labels[row]!]!)));
}
