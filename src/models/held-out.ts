import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Features } from '../head/features.ts';
import { fitInThread } from '../head/fit-in-thread.ts';
import { groupedFolds } from '../head/folds.ts';
import { predictScores } from '../head/predict.ts';
import { fitHeadPausing, type Fit } from '../head/train.ts';

/** Rows, their classes and weights, as a fit takes them. */
export interface FitData {
  readonly features: Features;
  /** Class of each row. */
  readonly truth: readonly number[];
  readonly rowWeights: Float64Array;
  readonly classes: number;
}

export interface Split {
  readonly groups: readonly string[];
  readonly folds: number;
  readonly seed: number;
}

/** Told of each fit that is done. */
export type OnFit = () => void;

/**
 * Largest gradient element at which a fit stops. Further on, held-out scores change by less than folds differ. It is the same
 * for all fits: a temperature from fits that stop sooner would not suit the final one.
 */
const TOLERANCE = 3e-4;

/** Rows from which a fit, which then takes seconds, is worth a thread and a copy of its features. */
const ROWS_FOR_THREAD = 3000;

/** Each takes a core and, of 30,000 rows and 21 labels, about half a gigabyte. */
const FITS_AT_ONCE = Math.min(2, availableParallelism());

/** @param start `point` of a fit of the same data with another C. */
export function fitAll(data: FitData, c: number, signal: AbortSignal, start?: Float64Array): Promise<Fit> {
  const { features, truth, classes, rowWeights } = data;
  const options = { c, classes, rowWeights, tolerance: TOLERANCE, ...(start && { start }) };
  const fit = features.rows < ROWS_FOR_THREAD ? fitHeadPausing : fitInThread;
  return fit(features, truth, options, signal);
}

/**
 * Scores of every row from a head that has not seen the row's group, for each strength of the penalty.
 *
 * @param cs In ascending order, so that a fit has not far to go from the one before.
 * @returns One for each of `cs`: before softmax, shape [rows, classes].
 */
export async function heldOutScores(
  data: FitData,
  { groups, folds, seed }: Split,
  cs: readonly number[],
  signal: AbortSignal,
  onFit: OnFit = () => {},
): Promise<Float64Array[]> {
  const { classes } = data;
  const foldOf = groupedFolds(groups, folds, seed);
  const scores = cs.map(() => new Float64Array(groups.length * classes));
  const scoreFold = async (fold: number): Promise<void> => {
    const inside = indicesOf(foldOf, (other) => other !== fold);
    const outside = indicesOf(foldOf, (other) => other === fold);
    const train = selectRows(data, inside);
    const test = data.features.select(outside);
    let start: Float64Array | undefined;
    for (const [at, c] of cs.entries()) {
      const { head, point } = await fitAll(train, c, signal, start);
      start = point;
      const foldScores = predictScores(test, head);
      for (const [from, to] of outside.entries()) {
        scores[at]!.set(foldScores.subarray(from * classes, (from + 1) * classes), to * classes);
      }
      onFit();
    }
  };
  const limit = pLimit(FITS_AT_ONCE);
  await Promise.all(Array.from({ length: folds }, (_, fold) => limit(scoreFold, fold)));
  return scores;
}

export function selectRows(data: FitData, indices: readonly number[]): FitData {
  return {
    ...data,
    features: data.features.select(indices),
    truth: indices.map((index) => data.truth[index]!),
    rowWeights: Float64Array.from(indices, (index) => data.rowWeights[index]!),
  };
}

function indicesOf(foldOf: readonly number[], isIn: (fold: number) => boolean): readonly number[] {
  return foldOf.flatMap((fold, index) => (isIn(fold) ? [index] : []));
}
