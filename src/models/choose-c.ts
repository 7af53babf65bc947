import { fitTemperature } from '../head/calibrate.ts';
import { groupedFolds } from '../head/folds.ts';
import { toProbabilities } from '../head/predict.ts';
import { heldOutScores, selectRows, type FitData, type OnFit, type Split } from './held-out.ts';

/** Strengths that are tried; on features of norm 1 the best one is between them for most label sets. */
export const C_CANDIDATES: readonly number[] = [1, 3, 10, 30];

/** Rows that the search looks at: beyond it the best strength moves little and the search would take most of the time. */
const MAX_SEARCH_ROWS = 2500;
const SEARCH_FOLDS = 3;

export const SEARCH_FITS = SEARCH_FOLDS * C_CANDIDATES.length;

export interface TriedC {
  readonly c: number;
  /** Mean log loss of held-out rows after the temperature, every class counting the same. */
  readonly logLoss: number;
}

/** Tries each strength on rows held out by group; the lowest log loss wins. */
export async function tryCs(
  data: FitData,
  { groups, seed }: Pick<Split, 'groups' | 'seed'>,
  signal: AbortSignal,
  onFit: OnFit,
): Promise<readonly TriedC[]> {
  const parts = Math.ceil(groups.length / MAX_SEARCH_ROWS);
  const partOf = groupedFolds(groups, parts, seed);
  const rows = partOf.flatMap((part, row) => (part === 0 ? [row] : []));
  const searched = selectRows(data, rows);
  const split = { groups: rows.map((row) => groups[row]!), folds: SEARCH_FOLDS, seed };
  const scores = await heldOutScores(searched, split, C_CANDIDATES, signal, onFit);
  return C_CANDIDATES.map((c, at) => ({ c, logLoss: balancedLogLoss(scores[at]!, searched) }));
}

export function bestC(tried: readonly TriedC[]): number {
  return tried.reduce((best, other) => (other.logLoss < best.logLoss ? other : best)).c;
}

/**
 * Mean log loss after the temperature, every class counting the same.
 *
 * @param scores Before softmax, of rows that the head was not fitted on, shape [rows, classes].
 */
export function balancedLogLoss(scores: Float64Array, { truth, classes }: Pick<FitData, 'truth' | 'classes'>): number {
  const probabilities = toProbabilities(scores, fitTemperature(scores, truth, classes), classes);
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (const [row, label] of truth.entries()) {
    sums[label]! -= Math.log(Math.max(probabilities[row * classes + label]!, Number.MIN_VALUE));
    counts[label]! += 1;
  }
  let mean = 0;
  let occurring = 0;
  for (let c = 0; c < classes; c++) {
    if (counts[c] === 0) continue;
    mean += sums[c]! / counts[c]!;
    occurring++;
  }
  return mean / occurring;
}
