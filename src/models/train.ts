import { fitTemperature } from '../head/calibrate.ts';
import { evaluate, type Evaluation } from '../head/evaluate.ts';
import { toProbabilities, type Head } from '../head/predict.ts';
import type { Fit } from '../head/train.ts';
import { LogiqError } from '../errors.ts';
import { toWords } from '../template/words.ts';
import type { Example } from '../training/examples.ts';
import { bestC, SEARCH_FITS, tryCs, type TriedC } from './choose-c.ts';
import { buildFeatures, type Embed, type FeatureKind } from './feature-blocks.ts';
import { fitAll, heldOutScores, type FitData } from './held-out.ts';
import { quantise, type LexicalHead, type NgramWeights } from './ngram-weights.ts';
import { lexicalThreshold } from './threshold.ts';

export interface TrainingOptions {
  /** Labels in the order of the head's classes. */
  readonly labels: readonly string[];
  readonly features: readonly FeatureKind[];
  /** Inverse strength of the L2 penalty; absent: the best of `C_CANDIDATES` on held-out rows. */
  readonly c?: number | undefined;
  readonly folds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Told how far it is: `done` of `total` steps. */
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

export interface TrainedModel {
  /** The embedding's part, with the intercepts of all; no columns where n-grams are all it sees. */
  readonly head: Head;
  /** The n-grams' part. */
  readonly ngrams: NgramWeights | undefined;
  /** A head over n-grams alone, which is asked first; only where both kinds of features are in use. */
  readonly lexical: LexicalHead | undefined;
  readonly features: readonly FeatureKind[];
  readonly c: number;
  /** Empty when C was given. */
  readonly tried: readonly TriedC[];
  readonly iterations: number;
  readonly temperature: number;
  /** Calibrated, of each example from a head that had not seen its group, shape [examples, labels]. */
  readonly heldOut: Float64Array;
  readonly truth: readonly number[];
  /** Scores of examples whose group the scored head had not seen. */
  readonly byTemplate: Evaluation;
  /** The same for examples of unseen systems; undefined when none names its system. */
  readonly bySystem: Evaluation | undefined;
}

/** Where the held-out rows of a small set are all right, the best temperature would be 0, and every answer certain. */
const LEAST_TEMPERATURE = 0.3;

/**
 * Fits a head on templates: the embedding and the n-grams of each one's words, side by side in one regression. C and the
 * temperature come from folds held out by group. The same examples give the same model.
 *
 * @param embed Absent: n-grams alone.
 * @throws {LogiqError} E_USAGE when an example has another label than those named, or fewer than two labels have examples.
 */
export async function trainModel(
  examples: readonly Example[],
  embed: Embed | undefined,
  options: TrainingOptions,
): Promise<TrainedModel> {
  const { labels, folds, seed, signal, onProgress = () => {} } = options;
  const truth = examples.map((example) => classOf(example, labels));
  checkExamples(examples, folds);
  const blocks = await buildFeatures(
    examples.map(({ template }) => toWords(template)),
    options.features,
    embed,
    signal,
  );
  const { dense, sparse, vocabulary } = blocks;
  const hasLexical = dense !== undefined && sparse !== undefined;
  const systems = examples.map(({ system }) => system);
  const hasSystems = systems.some((system) => system !== '');

  const data: FitData = {
    features: blocks.all,
    truth,
    rowWeights: Float64Array.from(examples, ({ weight }) => weight),
    classes: labels.length,
  };
  const split = { groups: examples.map(({ group }) => group), folds, seed };
  const total =
    (options.c === undefined ? SEARCH_FITS : 0) + (hasSystems ? folds : 0) + (folds + 1) * (hasLexical ? 2 : 1);
  let done = 0;
  const onFit = (): void => onProgress('fitting', ++done, total);

  const tried = options.c === undefined ? await tryCs(data, split, signal, onFit) : [];
  const c = options.c ?? bestC(tried);
  const [scores] = await heldOutScores(data, split, [c], signal, onFit);
  const temperature = Math.max(LEAST_TEMPERATURE, fitTemperature(scores!, truth, labels.length));
  const heldOut = toProbabilities(scores!, temperature, labels.length);
  const bySystem = hasSystems
    ? await heldOutScores(data, { ...split, groups: systems }, [c], signal, onFit)
    : [undefined];
  const fit = await fitAll(data, c, signal);
  onFit();
  return {
    ...splitFit(fit, dense?.columns ?? 0),
    ngrams: vocabulary && { vocabulary, ...quantise(fit.head, dense?.columns ?? 0, vocabulary.columns) },
    lexical: hasLexical ? await fitLexical({ ...data, features: sparse }, split, c, signal, onFit, heldOut) : undefined,
    features: options.features,
    c,
    tried,
    iterations: fit.iterations,
    temperature,
    heldOut,
    truth,
    byTemplate: evaluate(heldOut, truth, labels),
    bySystem: bySystem[0] && evaluate(toProbabilities(bySystem[0], temperature, labels.length), truth, labels),
  };
}

/** @throws {LogiqError} E_USAGE when the example's label is not among them. */
export function classOf({ template, label }: Example, labels: readonly string[]): number {
  const index = labels.indexOf(label);
  if (index !== -1) return index;
  throw new LogiqError('E_USAGE', `The label "${label}" of "${template.slice(0, 60)}" is not among the labels.`);
}

function checkExamples(examples: readonly Example[], folds: number): void {
  const labels = new Set(examples.map(({ label }) => label));
  const groups = new Set(examples.map(({ group }) => group));
  if (labels.size < 2) {
    throw new LogiqError('E_USAGE', `There are examples of ${labels.size} label; a classifier needs two at least.`);
  }
  if (groups.size >= Math.max(2, folds)) return;
  throw new LogiqError(
    'E_USAGE',
    `There are ${groups.size} groups of examples; ${Math.max(2, folds)} are needed to hold some out.`,
    'Add examples, or group by a finer column.',
  );
}

async function fitLexical(
  data: FitData,
  split: Parameters<typeof heldOutScores>[1],
  c: number,
  signal: AbortSignal,
  onFit: () => void,
  joint: Float64Array,
): Promise<LexicalHead> {
  const [scores] = await heldOutScores(data, split, [c], signal, onFit);
  const temperature = Math.max(LEAST_TEMPERATURE, fitTemperature(scores!, data.truth, data.classes));
  const heldOut = toProbabilities(scores!, temperature, data.classes);
  const { head } = await fitAll(data, c, signal);
  onFit();
  return {
    ...quantise(head, 0, head.columns),
    intercept: Float32Array.from(head.intercept),
    temperature,
    threshold: lexicalThreshold(heldOut, joint, data.truth, data.classes),
  };
}

/** The columns of the embedding, which come first, and the intercepts. */
function splitFit({ head }: Fit, columns: number): { readonly head: Head } {
  const coef = new Float64Array(head.classes * columns);
  for (let c = 0; c < head.classes; c++) {
    coef.set(head.coef.subarray(c * head.columns, c * head.columns + columns), c * columns);
  }
  return { head: { classes: head.classes, columns, coef, intercept: head.intercept } };
}
