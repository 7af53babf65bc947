import { createHash } from 'node:crypto';
import { evaluate } from '../head/evaluate.ts';
import { fitTemperature } from '../head/calibrate.ts';
import { predictScores, toProbabilities, type Head } from '../head/predict.ts';
import { toWords } from '../template/words.ts';
import type { Example } from '../training/examples.ts';
import { balancedLogLoss } from './choose-c.ts';
import { buildFeatures, type Embed } from './feature-blocks.ts';
import { fitAll, selectRows, type FitData } from './held-out.ts';
import { quantise } from './ngram-weights.ts';
import { lexicalThreshold } from './threshold.ts';
import { classOf, type TrainedModel } from './train.ts';

export interface ApartOptions {
  /** Labels in the order of the head's classes. */
  readonly labels: readonly string[];
  /** Inverse strength of the L2 penalty of both heads. */
  readonly c: number;
  /** Whether an example is kept back from fitting, to choose by; neither head nor the embedder may have learned from it. */
  readonly isHeldOut: (example: Example) => boolean;
  readonly floors?: Partial<Floors> | undefined;
  readonly signal: AbortSignal;
  /** Told before the two fits, and after each, how many are done. */
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

/** Of 256: about one system in thirteen is kept back, to choose and to calibrate by. */
const HELD_OUT_BYTES = 20;

/** Whether a system, by the hash of its name, is kept back: the same ones when an encoder is tuned, and whatever is added. */
export function isHeldOutSystem({ system }: { readonly system: string }): boolean {
  return system !== '' && createHash('sha256').update(system).digest()[0]! < HELD_OUT_BYTES;
}

/** Lower bounds of what is chosen on the examples held out: from a model that is gone on from, which was chosen on more. */
export interface Floors {
  readonly temperature: number;
  readonly lexicalTemperature: number;
  /** Confidence in [0, 1] of the n-grams below which the encoder is asked, too. */
  readonly lexicalThreshold: number;
}

const NO_FLOORS: Floors = { temperature: 0, lexicalTemperature: 0, lexicalThreshold: 0 };

/** Scores are of the examples held out, which are of other systems than those fitted on. */
export type ApartModel = Omit<TrainedModel, 'byTemplate'>;

/** What the scores of the embedding's head count; the n-grams' head counts the rest of 1. */
const EMBEDDING_SHARES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8] as const;

/**
 * What the temperatures are raised by: examples held out are of other systems, but written or chosen by the same people as
 * those fitted on, and lines that others collected ask for about so much more.
 */
const MARGIN = 1.1;

/**
 * How much the labels' shares in training count again, after class weights that make all labels equally likely: 0 leaves it
 * at that, 1 undoes it. Rare labels then win fewer doubtful rows than they would, and more than their share. On the
 * development exam and on systems kept back, 0.3 to 0.9 are level, and more accurate than 0 by up to 0.009.
 */
const PRIOR = 0.6;

/**
 * Fits a head on the embedding and another on the n-grams and averages their scores, which is one head over both side by
 * side. For an embedder that was tuned on these very examples: its vectors tell more of them than they will of others', so a
 * regression over both would hardly look at the n-grams. The shares, the temperatures and the confidence at which n-grams
 * alone decide are chosen on the examples that are held out.
 *
 * @throws {LogiqError} E_USAGE when an example has another label than those named.
 */
export async function trainApart(examples: readonly Example[], embed: Embed, options: ApartOptions): Promise<ApartModel> {
  const { labels, c, isHeldOut, signal, onProgress = () => {} } = options;
  const floors = { ...NO_FLOORS, ...options.floors };
  const classes = labels.length;
  const truth = examples.map((example) => classOf(example, labels));
  const texts = examples.map(({ template }) => toWords(template));
  const { dense, sparse, vocabulary } = await buildFeatures(texts, ['embedding', 'ngrams'], embed, signal);
  const rowWeights = Float64Array.from(examples, ({ weight }) => weight);
  const indices = [...examples.keys()];
  const heldOut = indices.filter((index) => isHeldOut(examples[index]!));
  const inside = indices.filter((index) => !isHeldOut(examples[index]!));
  const heldOutTruth = heldOut.map((index) => truth[index]!);

  let done = 0;
  const fitOn = async (features: FitData['features']): Promise<{ head: Head; iterations: number; scores: Float64Array }> => {
    const { head, iterations } = await fitAll(selectRows({ features, truth, rowWeights, classes }, inside), c, signal);
    onProgress('fitting', ++done, 2);
    return { head, iterations, scores: predictScores(features.select(heldOut), head) };
  };
  onProgress('fitting', 0, 2);
  const [embedding, ngrams] = await Promise.all([fitOn(dense!), fitOn(sparse!)]);

  const share = bestShare(embedding.scores, ngrams.scores, heldOutTruth, classes);
  const prior = logPrior(inside, truth, rowWeights, classes);
  const scores = addToRows(average(embedding.scores, ngrams.scores, share), prior);
  const lexicalScores = addToRows(ngrams.scores, prior);
  const temperature = Math.max(floors.temperature, MARGIN * fitTemperature(scores, heldOutTruth, classes));
  const probabilities = toProbabilities(scores, temperature, classes);
  const lexicalTemperature = Math.max(floors.lexicalTemperature, MARGIN * fitTemperature(lexicalScores, heldOutTruth, classes));
  const weights = quantise(ngrams.head, 0, ngrams.head.columns);
  const lexicalProbabilities = toProbabilities(lexicalScores, lexicalTemperature, classes);
  return {
    head: {
      ...embedding.head,
      coef: embedding.head.coef.map((weight) => weight * share),
      intercept: addToRows(average(embedding.head.intercept, ngrams.head.intercept, share), prior),
    },
    ngrams: { ...weights, vocabulary: vocabulary!, scales: weights.scales.map((scale) => scale * (1 - share)) },
    lexical: {
      ...weights,
      intercept: Float32Array.from(addToRows(ngrams.head.intercept, prior)),
      temperature: lexicalTemperature,
      threshold: Math.max(
        floors.lexicalThreshold,
        lexicalThreshold(lexicalProbabilities, probabilities, heldOutTruth, classes),
      ),
    },
    features: ['embedding', 'ngrams'],
    c,
    tried: [],
    iterations: Math.max(embedding.iterations, ngrams.iterations),
    temperature,
    heldOut: probabilities,
    truth: heldOutTruth,
    bySystem: evaluate(probabilities, heldOutTruth, labels),
  };
}

function bestShare(embedding: Float64Array, ngrams: Float64Array, truth: readonly number[], classes: number): number {
  const losses = EMBEDDING_SHARES.map((share) => balancedLogLoss(average(embedding, ngrams, share), { truth, classes }));
  return EMBEDDING_SHARES[losses.indexOf(Math.min(...losses))]!;
}

/**
 * Logarithm of each label's share of the rows, times `PRIOR`; a label that none of them has counts as one row.
 *
 * @returns Shape [classes], of mean 0.
 */
function logPrior(
  rows: readonly number[],
  truth: readonly number[],
  rowWeights: Float64Array,
  classes: number,
): Float64Array {
  const sums = new Float64Array(classes);
  for (const row of rows) sums[truth[row]!]! += rowWeights[row]!;
  const logs = sums.map((sum) => Math.log(Math.max(1, sum)));
  const mean = logs.reduce((total, log) => total + log, 0) / classes;
  return logs.map((log) => PRIOR * (log - mean));
}

/** @param scores Shape [rows, addend.length]. */
function addToRows(scores: Float64Array, addend: Float64Array): Float64Array {
  return scores.map((score, at) => score + addend[at % addend.length]!);
}

function average(embedding: Float64Array, ngrams: Float64Array, share: number): Float64Array {
  return embedding.map((value, at) => value * share + ngrams[at]! * (1 - share));
}
