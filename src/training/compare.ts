import { evaluate, type Evaluation } from '../head/evaluate.ts';
import { pickRows } from '../head/pick-rows.ts';
import { toProbabilities } from '../head/predict.ts';
import { buildFeatures, type Embed, type FeatureKind } from '../models/feature-blocks.ts';
import { heldOutScores } from '../models/held-out.ts';
import { fitTemperature } from '../head/calibrate.ts';
import { toWords } from '../template/words.ts';
import type { Example } from './examples.ts';

export interface Comparison {
  readonly before: Evaluation;
  readonly after: Evaluation;
  /** Share of examples below the threshold, which would go to the LLM. */
  readonly unsureBefore: number;
  readonly unsureAfter: number;
}

export interface ComparedSets {
  /** On the examples that were there already. */
  readonly known: Comparison;
  /** On what was learned. */
  readonly learned: Comparison | undefined;
}

export interface CompareOptions {
  readonly labels: readonly string[];
  readonly features: readonly FeatureKind[];
  readonly c: number;
  readonly seed: number;
  readonly threshold: number;
  readonly signal: AbortSignal;
  readonly onFit?: () => void;
}

const FOLDS = 3;
/** Fits that a comparison takes. */
export const COMPARE_FITS = 2 * FOLDS;

/**
 * Two heads on the same held-out examples: one fitted without what was learned, one with it; both without the held-out group.
 *
 * @param isLearned Whether the example at an index is new.
 */
export async function compareHeads(
  examples: readonly Example[],
  isLearned: (index: number) => boolean,
  embed: Embed | undefined,
  options: CompareOptions,
): Promise<ComparedSets> {
  const { labels, features, c, seed, threshold, signal, onFit } = options;
  const blocks = await buildFeatures(
    examples.map(({ template }) => toWords(template)),
    features,
    embed,
    signal,
  );
  const truth = examples.map(({ label }) => labels.indexOf(label));
  const rowWeights = Float64Array.from(examples, ({ weight }) => weight);
  const groups = examples.map(({ group }) => group);
  const split = { groups, folds: FOLDS, seed };
  const data = { features: blocks.all, truth, rowWeights, classes: labels.length };
  const old = { ...data, rowWeights: rowWeights.map((weight, at) => (isLearned(at) ? 0 : weight)) };
  const [before] = await heldOutScores(old, split, [c], signal, onFit);
  const [after] = await heldOutScores(data, split, [c], signal, onFit);

  const known = examples.flatMap((_, at) => (isLearned(at) ? [] : [at]));
  const learned = examples.flatMap((_, at) => (isLearned(at) ? [at] : []));
  const probabilities = [before!, after!].map((scores) => {
    const own = pickRows(scores, known, labels.length);
    const temperature = fitTemperature(
      own,
      known.map((at) => truth[at]!),
      labels.length,
    );
    return toProbabilities(scores, temperature, labels.length);
  });
  const compare = (rows: readonly number[]): Comparison => {
    const own = rows.map((at) => truth[at]!);
    const [one, other] = probabilities.map((all) => pickRows(all, rows, labels.length));
    return {
      before: evaluate(one!, own, labels),
      after: evaluate(other!, own, labels),
      unsureBefore: unsure(one!, labels.length, threshold),
      unsureAfter: unsure(other!, labels.length, threshold),
    };
  };
  return { known: compare(known), learned: learned.length === 0 ? undefined : compare(learned) };
}

function unsure(probabilities: Float64Array, classes: number, threshold: number): number {
  let below = 0;
  for (let start = 0; start < probabilities.length; start += classes) {
    if (Math.max(...probabilities.subarray(start, start + classes)) < threshold) below++;
  }
  return probabilities.length === 0 ? 0 : (below * classes) / probabilities.length;
}
