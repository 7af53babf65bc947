import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { didYouMean } from '../did-you-mean.ts';
import { EXIT, LogiqError, type ExitCode } from '../errors.ts';
import { FEATURE_KINDS, type FeatureKind } from '../models/feature-blocks.ts';
import { METADATA_FILE } from '../models/locate.ts';
import { isPending } from '../models/pending-files.ts';
import type { ThresholdGoal } from '../models/threshold.ts';
import { visible } from '../output/terminal.ts';
import { writeError } from '../output/write-error.ts';
import { renderTraining } from '../report/training.ts';
import { settings as registry } from '../settings/registry.ts';
import { resolveSettings } from '../settings/resolve.ts';
import { toExamples } from '../training/examples.ts';
import { labelSet, readLabelMeanings } from '../training/label-meanings.ts';
import { readLabelledRows } from '../training/labelled-rows.ts';
import { startTrainingProgress } from '../training/progress.ts';
import {
  DEFAULT_THRESHOLD,
  fitModel,
  openRememberingEmbedder,
  writeModelFolder,
  type FitSettings,
} from '../training/train-folder.ts';
import { findDoubts } from '../training/warnings.ts';
import type { Io } from '../types.ts';

interface Flags {
  readonly output: string;
  readonly column?: string;
  readonly label?: string;
  readonly group?: string;
  readonly labels?: string;
  readonly features?: string;
  readonly embedder?: string;
  readonly threads?: string;
  readonly device?: string;
  readonly c?: string;
  readonly seed: string;
  readonly threshold?: string;
  readonly targetPrecision?: string;
  readonly targetLlmShare?: string;
  readonly quiet?: boolean;
}

const DEFAULT_EMBEDDER = 'logs-MiniLM-L3';
/** What a run without an encoder is asked for with. */
const NO_EMBEDDERS = new Set(['none', 'ngrams']);

export function trainCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  return new Command('train')
    .description('Fit a classifier on your own labelled messages and write its model folder, for --model.')
    .argument('<file...>', 'CSV or TSV files with a column for the message and one for the label')
    .requiredOption('-o, --output <dir>', 'the model folder to write')
    .option('--column <name>', 'message column (default: message, log_message, msg, log or text)')
    .option('--label <name>', 'label column (default: label, target_label, category, class or target)')
    .option('--group <name>', 'rows with the same value here are held out together (default: of the same template)')
    .option('--labels <file>', 'CSV or JSON with label and meaning, which an LLM is told')
    .option('--features <list>', `what the classifier sees: ${FEATURE_KINDS.join(', ')} or both (default: both)`)
    .option('--embedder <name|dir>', 'sentence encoder: bundled, a folder or a pulled hub id; none: n-grams alone')
    .addOption(new Option(registry.device.flag, registry.device.describe))
    .option('--threads <n>', 'threads of the encoder')
    .option('-C, --c <n>', 'inverse strength of the penalty (default: the best on held-out rows)')
    .option('--seed <n>', 'of the folds', '1')
    .option('--threshold <p>', 'surer than this counts as decided (default: 0.5)')
    .option('--target-precision <p>', 'choose the threshold, of each label, so that this share of answers is right')
    .option('--target-llm-share <p>', 'choose the threshold so that this share of rows is left to the LLM')
    .option('-q, --quiet', 'no progress and no report')
    .action(async (files: string[], flags: Flags) => setExitCode(await train(files, flags, io)));
}

/** rows -> examples (one a template and label) -> features -> C, temperature, threshold -> model folder. */
async function train(files: readonly string[], flags: Flags, io: Io): Promise<ExitCode> {
  const dir = resolve(io.cwd, flags.output);
  checkOutput(dir);
  const { settings } = await resolveSettings({ device: flags.device }, io);
  const embedderName = flags.embedder ?? settings.embedder ?? DEFAULT_EMBEDDER;
  const features = parseFeatures(flags.features, embedderName);
  const quiet = flags.quiet === true;
  const say = (line: string): void => void (quiet || io.stderr.write(`${visible(line)}\n`));

  const { rows, skipped } = await readLabelledRows(files, flags, io);
  if (skipped > 0) say(`${skipped} rows without a message or a label are left out`);
  const examples = toExamples(rows);
  for (const doubt of findDoubts(examples)) say(`warning: ${doubt}`);
  const meanings = flags.labels === undefined ? [] : await readLabelMeanings(flags.labels, io);
  const fitSettings: FitSettings = {
    labels: labelSet(
      rows.map(({ label }) => label),
      meanings,
    ),
    features,
    embedder: embedderName,
    c: optionalNumber('--c', flags.c, (value) => value > 0, 'a number above 0'),
    seed: optionalNumber('--seed', flags.seed, Number.isInteger, 'a whole number') ?? 1,
    threshold: parseThreshold(flags),
  };

  const startedAt = performance.now();
  const progress = await startTrainingProgress(io, quiet);
  const threads =
    optionalNumber('--threads', flags.threads, isPositiveInteger, 'a whole number from 1 up') ?? settings.threads;
  const embedder = features.includes('embedding')
    ? await openRememberingEmbedder(embedderName, { threads, device: settings.device }, io, progress.tell)
    : undefined;
  try {
    const fitted = await fitModel(examples, fitSettings, embedder, io.signal, progress.tell);
    await writeModelFolder(dir, fitted, examples, new Date().toISOString().slice(0, 10));
    progress.stop();
    if (!quiet) {
      const elapsedMs = performance.now() - startedAt;
      io.stderr.write(renderTraining(fitted, examples, { dir, elapsedMs, device: embedder?.device() }));
    }
    return EXIT.ok;
  } finally {
    progress.stop();
    await embedder?.close();
  }
}

/**
 * Before hours may go into a fit: a folder that holds something else than a model, or what a training that was cut off has
 * left, is not written into, nor one where nothing can be written.
 */
function checkOutput(dir: string): void {
  const exists = existsSync(dir);
  try {
    accessSync(exists ? dir : nearestFolder(dir), constants.W_OK);
    if (!exists || existsSync(resolve(dir, METADATA_FILE)) || readdirSync(dir).every(isPending)) return;
  } catch (cause) {
    throw writeError(dir, cause);
  }
  throw new LogiqError('E_USAGE', `${dir} holds something that is no model.`, 'Name a new folder with -o.');
}

function nearestFolder(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) ? parent : nearestFolder(parent);
}

function parseFeatures(features: string | undefined, embedder: string): readonly FeatureKind[] {
  const isWithout = NO_EMBEDDERS.has(embedder);
  const all: readonly FeatureKind[] = isWithout ? ['ngrams'] : FEATURE_KINDS;
  const named = features?.split(',').map((word) => word.trim()) ?? all;
  const kinds = FEATURE_KINDS.filter((kind) => named.includes(kind));
  const unknown = named.find((word) => !FEATURE_KINDS.some((kind) => kind === word));
  if (unknown !== undefined) {
    throw new LogiqError('E_USAGE', `There are no features "${unknown}".`, didYouMean(unknown, FEATURE_KINDS));
  }
  if (kinds.length === 0) {
    throw new LogiqError('E_USAGE', 'Nothing is left for the classifier to see.', 'Leave --features out.');
  }
  if (isWithout && kinds.includes('embedding')) {
    throw new LogiqError(
      'E_USAGE',
      `The embedder "${embedder}" is none at all, and --features asks for one.`,
      'Leave --features out for n-grams alone, or name another embedder.',
    );
  }
  return kinds;
}

function parseThreshold(flags: Flags): number | ThresholdGoal {
  const isShare = (value: number): boolean => value >= 0 && value <= 1;
  const read = (name: string, raw: string | undefined): number | undefined =>
    optionalNumber(name, raw, isShare, 'a number from 0 to 1');
  const precision = read('--target-precision', flags.targetPrecision);
  const llmShare = read('--target-llm-share', flags.targetLlmShare);
  const threshold = read('--threshold', flags.threshold);
  if ([precision, llmShare, threshold].filter((value) => value !== undefined).length > 1) {
    throw new LogiqError(
      'E_USAGE',
      'More than one of --threshold, --target-precision and --target-llm-share is given.',
      'Choose one.',
    );
  }
  if (precision !== undefined) return { precision };
  return llmShare === undefined ? (threshold ?? DEFAULT_THRESHOLD) : { llmShare };
}

function optionalNumber(
  name: string,
  raw: string | undefined,
  isValid: (value: number) => boolean,
  expected: string,
): number | undefined {
  if (raw === undefined) return undefined;
  const value = Number(raw);
  if (raw.trim() !== '' && isValid(value) && Number.isFinite(value)) return value;
  throw new LogiqError('E_USAGE', `${name} is "${raw}".`, `It takes ${expected}.`);
}

function isPositiveInteger(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
