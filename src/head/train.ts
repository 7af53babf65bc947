import { setImmediate } from 'node:timers/promises';
import { largest, type Features } from './features.ts';
import { minimizeInSteps, dot, type Objective } from './lbfgs.ts';
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
  /** `point` of a fit of the same rows and classes with another penalty, which this one then has not far to go from. */
  readonly start?: Float64Array;
}

export interface Fit {
  readonly head: Head;
  readonly iterations: number;
  readonly converged: boolean;
  /** Where a fit with another penalty may start. */
  readonly point: Float64Array;
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
  const size = rows * classes;

  const loss: Objective = (x, gradient) => {
    const { shares, scores, intercept } = parts(x, size);
    const slope = parts(gradient, size);
    let value = (penalty / 2) * dot(shares, scores);
    const residuals = slope.shares;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let k = 0; k < classes; k++, at++) residuals[at] = scores[at]! + intercept[k]!;
    }
    softmaxRows(residuals, classes);
    for (let row = 0; row < rows; row++) {
      const start = row * classes;
      const weight = weights[row]! / total;
      const truth = start + labels[row]!;
      value -= weight * Math.log(Math.max(residuals[truth]!, Number.MIN_VALUE));
      residuals[truth]! -= 1;
      for (let k = 0; k < classes; k++) {
        residuals[start + k]! *= weight;
        slope.intercept[k]! += residuals[start + k]!;
        residuals[start + k]! += penalty * shares[start + k]!;
      }
    }
    const steepest = features.addGram(slope.shares, slope.scores, classes);
    return { value, steepest: Math.max(steepest, largest(slope.intercept)) };
  };
  const inner = (a: Float64Array, b: Float64Array): number => {
    const [one, other] = [parts(a, size), parts(b, size)];
    return dot(one.shares, other.scores) + dot(one.intercept, other.intercept);
  };

  const start = options.start ?? new Float64Array(2 * size + classes);
  const { x, iterations, converged } = yield* minimizeInSteps(loss, start, { tolerance, maxIterations, inner });
  const { shares, intercept } = parts(x, size);
  const coef = new Float64Array(classes * columns);
  features.addGradient(shares, coef, columns, 0);
  return { head: { classes, columns, coef, intercept: intercept.slice() }, iterations, converged, point: x };
}

/**
 * A fit's place, or its slope there: every sum of gradients is a sum of rows, so that the weights are xᵀ · shares, and what a
 * step needs of them are the scores that they give. That is rows × classes numbers, where the weights are columns × classes.
 */
interface Parts {
  /** Shape [rows, classes]. */
  readonly shares: Float64Array;
  /** x · xᵀ · shares, without the intercept. */
  readonly scores: Float64Array;
  /** Shape [classes]. */
  readonly intercept: Float64Array;
}

function parts(point: Float64Array, size: number): Parts {
  return {
    shares: point.subarray(0, size),
    scores: point.subarray(size, 2 * size),
    intercept: point.subarray(2 * size),
  };
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
