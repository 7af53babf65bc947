import type { RemoteEmbedder } from '../embedders/remote.ts';
import { LogiqError } from '../errors.ts';
import { fitTemperature } from '../head/calibrate.ts';
import { evaluate, type Evaluation } from '../head/evaluate.ts';
import { denseFeatures, type Features } from '../head/features.ts';
import { groupedFolds } from '../head/folds.ts';
import { predictScores, toProbabilities } from '../head/predict.ts';
import { fitHead, type Fit } from '../head/train.ts';
import { toTemplate } from '../template/normalise.ts';
import { toWords } from '../template/words.ts';

export interface TrainingRow {
  readonly message: string;
  readonly label: string;
  /** Counts this much of a row; 1 where absent. */
  readonly weight?: number;
  /** The program or device that wrote the message, where known. */
  readonly system?: string;
}

export interface TrainingOptions {
  /** Labels in the order of the head's classes. */
  readonly labels: readonly string[];
  /**
   * Inverse strength of the L2 penalty. On unit vectors 3 is as accurate as any, and more (20) makes the probabilities
   * of unseen systems overconfident.
   */
  readonly c: number;
  readonly folds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface TrainedModel extends Fit {
  readonly temperature: number;
  readonly templates: number;
  /** Scores of rows whose template the scored head had not seen. */
  readonly byTemplate: Evaluation;
  /** The same for rows of unseen systems; undefined when no row names its system. */
  readonly bySystem: Evaluation | undefined;
}

/**
 * Held-out training text is still closer to the training text than a user's logs are: a temperature below 1, which it
 * often asks for, makes the head overconfident on them (model card of logiq-base).
 */
const LEAST_TEMPERATURE = 1;

/**
 * Fits a head on labelled messages: each becomes its template, then words, then a vector. The temperature is fitted on
 * scores of folds held out by template. The same rows give the same model.
 *
 * @throws {LogiqError} E_MODEL_SHAPE when a row has another label than those named, or there are fewer than two labels.
 */
export async function trainModel(
  rows: readonly TrainingRow[],
  embedder: Pick<RemoteEmbedder, 'embed'>,
  options: TrainingOptions,
): Promise<TrainedModel> {
  const truth = rows.map((row) => classOf(row, options.labels));
  const templates = rows.map((row) => toTemplate(row.message));
  const features = await embedEach(templates.map(toWords), embedder, options.signal);
  const training: Training = { features, truth, rowWeights: Float64Array.from(rows, (row) => row.weight ?? 1), options };

  const heldOut = heldOutScores(training, templates);
  const temperature = Math.max(LEAST_TEMPERATURE, fitTemperature(heldOut, truth, options.labels.length));
  const systems = rows.map((row) => row.system ?? '');
  return {
    ...fit(training),
    temperature,
    templates: new Set(templates).size,
    byTemplate: evaluateScores(heldOut, temperature, training),
    bySystem: systems.some((system) => system !== '')
      ? evaluateScores(heldOutScores(training, systems), temperature, training)
      : undefined,
  };
}

interface Training {
  readonly features: Features;
  /** Class of each row. */
  readonly truth: readonly number[];
  readonly rowWeights: Float64Array;
  readonly options: TrainingOptions;
}

function classOf({ message, label }: TrainingRow, labels: readonly string[]): number {
  const index = labels.indexOf(label);
  if (index !== -1) return index;
  throw new LogiqError('E_MODEL_SHAPE', `The label "${label}" of "${message.slice(0, 60)}" is not among the labels.`);
}

/** Embeds each distinct text once. */
async function embedEach(
  texts: readonly string[],
  embedder: Pick<RemoteEmbedder, 'embed'>,
  signal: AbortSignal,
): Promise<Features> {
  const rowOf = new Map<string, number>();
  for (const text of texts) if (!rowOf.has(text)) rowOf.set(text, rowOf.size);
  const vectors = await embedder.embed([...rowOf.keys()], signal);
  return denseFeatures(vectors, vectors.length / rowOf.size).select(texts.map((text) => rowOf.get(text)!));
}

/**
 * Scores of every row from a head that has not seen the row's group.
 *
 * @returns Before softmax, shape [rows, classes].
 */
function heldOutScores(training: Training, groups: readonly string[]): Float64Array {
  const { labels, folds, seed } = training.options;
  const foldOf = groupedFolds(groups, folds, seed);
  const scores = new Float64Array(groups.length * labels.length);
  for (let fold = 0; fold < folds; fold++) {
    const inside = indicesOf(foldOf, (other) => other !== fold);
    const outside = indicesOf(foldOf, (other) => other === fold);
    const { head } = fit(select(training, inside));
    const foldScores = predictScores(training.features.select(outside), head);
    for (const [from, to] of outside.entries()) {
      scores.set(foldScores.subarray(from * labels.length, (from + 1) * labels.length), to * labels.length);
    }
  }
  return scores;
}

function fit({ features, truth, rowWeights, options }: Training): Fit {
  return fitHead(features, truth, { c: options.c, classes: options.labels.length, rowWeights });
}

function select(training: Training, indices: readonly number[]): Training {
  return {
    ...training,
    features: training.features.select(indices),
    truth: indices.map((index) => training.truth[index]!),
    rowWeights: Float64Array.from(indices, (index) => training.rowWeights[index]!),
  };
}

function evaluateScores(scores: Float64Array, temperature: number, { truth, options }: Training): Evaluation {
  return evaluate(toProbabilities(scores, temperature, options.labels.length), truth, options.labels);
}

function indicesOf(foldOf: readonly number[], isIn: (fold: number) => boolean): readonly number[] {
  return foldOf.flatMap((fold, index) => (isIn(fold) ? [index] : []));
}
