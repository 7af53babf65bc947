import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Provider } from '../embedders/device.ts';
import { startEmbedder } from '../embedders/remote.ts';
import { essentialFiles, readVerified } from '../embedders/files.ts';
import { describeModel, encodeModel, type DescribedModel } from '../models/describe.ts';
import type { Embed, FeatureKind } from '../models/feature-blocks.ts';
import { locateEmbedder } from '../models/locate.ts';
import type { GoalFacts } from '../models/metadata.ts';
import { replaceDurably, saveModel } from '../models/save.ts';
import { chooseThresholds, type ThresholdGoal, type Thresholds } from '../models/threshold.ts';
import { isHeldOutSystem, trainApart, type Floors } from '../models/train-apart.ts';
import { trainModel, type TrainedModel } from '../models/train.ts';
import { RULES_FILE } from '../rules/model-rules.ts';
import type { Settings } from '../settings/registry.ts';
import type { Io, LabelMeaning } from '../types.ts';
import { embeddingCacheDir, rememberEmbeddings } from './embedding-cache.ts';
import type { Example } from './examples.ts';
import { formatTrainingCsv } from './training-csv.ts';

/** Parts that are held out in turn; fewer where there is so much text that a third of it is plenty. */
function foldsFor(examples: readonly Example[]): number {
  const wanted = examples.length > MANY_EXAMPLES ? 3 : 5;
  return Math.min(wanted, new Set(examples.map(({ group }) => group)).size);
}
const MANY_EXAMPLES = 8000;
export const DEFAULT_THRESHOLD = 0.5;

export interface FitSettings {
  readonly labels: readonly LabelMeaning[];
  readonly features: readonly FeatureKind[];
  /** Bundled name, folder or hub id; unused where the embedding is switched off. */
  readonly embedder: string;
  readonly threads?: number | undefined;
  readonly c?: number | undefined;
  readonly seed: number;
  /** How to choose the threshold; a number is taken as it is. */
  readonly threshold: number | ThresholdGoal;
  /** See `ScoringModel`. */
  readonly leastKnown?: number | undefined;
}

export type OnProgress = (step: string, done?: number, total?: number) => void;

/** @template Trained What a training brought; heads that were fitted apart were held out by system alone. */
export interface FittedModel<Trained = TrainedModel> {
  readonly trained: Trained;
  readonly settings: FitSettings;
  /** Null for n-grams alone. */
  readonly embedder: { readonly name: string; readonly dir: string } | null;
  /** Undefined when the threshold was given. */
  readonly thresholds: Thresholds | undefined;
}

/** An embedder that remembers, by name or folder; `close` it before the process ends. */
export interface OpenEmbedder {
  readonly name: string;
  readonly dir: string;
  readonly embed: Embed;
  /** What has computed; undefined where every embedding was remembered. */
  device(): Provider | undefined;
  close(): Promise<void>;
}

/**
 * @throws {LogiqError} E_MODEL_MISSING when there is no such embedder, E_EMBEDDER when the device asked for does not work,
 * also when every embedding is remembered.
 */
export async function openRememberingEmbedder(
  nameOrDir: string,
  { threads, device }: Pick<Settings, 'threads' | 'device'>,
  io: Pick<Io, 'cwd' | 'env' | 'signal'>,
  onProgress: OnProgress,
): Promise<OpenEmbedder> {
  const dir = await locateEmbedder(nameOrDir, io.cwd, io.env);
  const hash = await hashOf(dir);
  const remote = startEmbedder(dir, { device, ...(threads !== undefined && { threads }) });
  try {
    if (device !== 'cpu') await remote.embed(['-'], io.signal);
  } catch (error) {
    await remote.close();
    throw error;
  }
  return {
    // A folder is remembered by its absolute path, since a model is not used where it was trained.
    name: resolve(io.cwd, nameOrDir) === dir ? dir : nameOrDir,
    dir,
    embed: rememberEmbeddings((texts, signal) => remote.embed(texts, signal), {
      dir: embeddingCacheDir(io.env),
      embedder: `${hash.slice(0, 32)}${suffixOf(remote.provider())}`,
      onProgress: (done, total) => onProgress('embedding', done, total),
    }),
    device: () => remote.provider(),
    close: () => remote.close(),
  };
}

/** Other devices round otherwise, so that their embeddings are remembered apart. */
function suffixOf(provider: Provider | undefined): string {
  return provider === undefined || provider === 'cpu' || provider === 'wasm' ? '' : `-${provider}`;
}

/** Examples -> features, C, temperature, thresholds, head. Nothing is written. */
export async function fitModel(
  examples: readonly Example[],
  settings: FitSettings,
  embedder: OpenEmbedder | undefined,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<FittedModel> {
  const labels = settings.labels.map(({ label }) => label);
  const trained = await trainModel(examples, embedder?.embed, {
    labels,
    features: settings.features,
    c: settings.c,
    folds: foldsFor(examples),
    seed: settings.seed,
    signal,
    onProgress,
  });
  return {
    trained,
    settings,
    embedder: embedder ? { name: embedder.name, dir: embedder.dir } : null,
    thresholds: thresholdsOf(trained, labels, settings.threshold),
  };
}

/** The same for an encoder that was tuned on part of the examples; those of the systems that it never saw choose and calibrate. */
export async function fitModelApart(
  examples: readonly Example[],
  settings: FitSettings & { readonly c: number },
  embedder: OpenEmbedder,
  floors: Floors,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<FittedModel<DescribedModel>> {
  const labels = settings.labels.map(({ label }) => label);
  const { c, threshold } = settings;
  const options = { labels, c, isHeldOut: isHeldOutSystem, floors, signal, onProgress };
  const trained = await trainApart(examples, embedder.embed, options);
  return {
    trained,
    settings,
    embedder: { name: embedder.name, dir: embedder.dir },
    thresholds: thresholdsOf(trained, labels, threshold),
  };
}

function thresholdsOf(
  { heldOut, truth }: Pick<TrainedModel, 'heldOut' | 'truth'>,
  labels: readonly string[],
  goal: number | ThresholdGoal,
): Thresholds | undefined {
  return typeof goal === 'number' ? undefined : chooseThresholds(heldOut, truth, labels, goal);
}

/**
 * Writes the model folder: weights, metadata, training text, meanings of the labels, and an empty rules file where there is
 * none.
 *
 * @param date YYYY-MM-DD, of the training text.
 */
export async function writeModelFolder(
  dir: string,
  { trained, settings, embedder, thresholds }: FittedModel<DescribedModel>,
  examples: readonly Example[],
  date: string,
): Promise<void> {
  const { threshold, labels, seed } = settings;
  const metadata = await describeModel(trained, examples, {
    name: basename(dir),
    embedder,
    labels,
    threshold: thresholds?.threshold ?? (typeof threshold === 'number' ? threshold : DEFAULT_THRESHOLD),
    ...(thresholds && Object.keys(thresholds.byLabel).length > 0 && { labelThresholds: thresholds.byLabel }),
    ...(thresholds && typeof threshold !== 'number' && { goal: goalFacts(threshold, thresholds) }),
    ...(settings.leastKnown !== undefined && { leastKnown: settings.leastKnown }),
    date,
    folds: foldsFor(examples),
    seed,
  });
  await saveModel(dir, metadata, {
    ...encodeModel(trained),
    'training.csv': Buffer.from(formatTrainingCsv(examples)),
    'labels.json': Buffer.from(`${JSON.stringify(labels, null, 2)}\n`),
  });
  if (existsSync(join(dir, RULES_FILE))) return;
  await replaceDurably(
    dir,
    RULES_FILE,
    '# Rules are tried before the classifier; see "Your own rules" in the README.\n[]\n',
  );
}

function goalFacts(goal: ThresholdGoal, { precision, llmShare }: Thresholds): GoalFacts {
  return {
    ...('precision' in goal ? { targetPrecision: goal.precision } : { targetLlmShare: goal.llmShare }),
    precision: Number(precision.toFixed(4)),
    llmShare: Number(llmShare.toFixed(4)),
  };
}

/** Of all that makes an embedder's vectors what they are. */
async function hashOf(dir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of essentialFiles(dir)) hash.update(file).update(await readVerified(dir, file, {}));
  return hash.digest('hex');
}
