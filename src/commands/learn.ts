import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { EXIT, LogiqError, type ExitCode } from '../errors.ts';
import { answerFilePath, exportAnswers } from '../llm/answer-file.ts';
import { parseAnswerLines } from '../llm/answer-lines.ts';
import { loadModel, type Model } from '../models/load.ts';
import { BUNDLED } from '../models/locate.ts';
import { settlePending } from '../models/pending-files.ts';
import { replaceDurably } from '../models/save.ts';
import type { Floors } from '../models/train-apart.ts';
import { renderLearning } from '../report/learning.ts';
import { RULES_FILE } from '../rules/model-rules.ts';
import type { Rule } from '../rules/rule.ts';
import { settings as registry } from '../settings/registry.ts';
import { resolveSettings } from '../settings/resolve.ts';
import { COMPARE_FITS, compareHeads } from '../training/compare.ts';
import { toExamples, type LabelledRow } from '../training/examples.ts';
import { joinAnswers, mergeLessons, readFeedback, toLessons, type RememberedLabel } from '../training/feedback.ts';
import { labelSet } from '../training/label-meanings.ts';
import { readLabelledRows } from '../training/labelled-rows.ts';
import { startTrainingProgress } from '../training/progress.ts';
import { proposeRules } from '../training/propose-rules.ts';
import { readHeader } from '../training/read-labelled.ts';
import { fitModel, fitModelApart, openRememberingEmbedder, writeModelFolder } from '../training/train-folder.ts';
import type { Io } from '../types.ts';

interface Flags {
  readonly model?: string;
  readonly device?: string;
  readonly output?: string;
  readonly column?: string;
  readonly answers?: boolean;
  readonly rules: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The text that a model was trained on; that of a bundled one is packed. */
const TRAINING_FILES = ['training.csv', 'training.csv.gz'] as const;

export function learnCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  return new Command('learn')
    .description("Take the LLM's answers and people's corrections into the training text, and show what that changes.")
    .argument(
      '[file...]',
      'CSV that classify wrote; a column corrected_label, where there is one, has the right labels',
    )
    .option('--model <name|dir>', 'the classifier to go on from (default: the one in the settings)')
    .option('-o, --output <dir>', 'model folder to write (default: the same, unless it is a bundled one)')
    .option('--column <name>', 'message column')
    .addOption(new Option(registry.device.flag, registry.device.describe))
    .option('--answers', 'learn the remembered answers of the LLM (logiq cache), too, or alone')
    .option('--no-rules', 'propose no rules')
    .option('--yes', 'adopt it: write the model and its rules; without, nothing is written')
    .option('--json', 'what changed, as JSON')
    .option('-q, --quiet', 'no progress')
    .action(async (files: string[], flags: Flags) => {
      await learn(files, flags, io);
      setExitCode(EXIT.ok);
    });
}

/** labelled output -> lessons -> old and new head on held-out examples, rules -> with --yes: model folder. */
async function learn(files: readonly string[], flags: Flags, io: Io): Promise<void> {
  if (files.length === 0 && flags.answers !== true) {
    throw new LogiqError(
      'E_USAGE',
      'There is nothing to learn from.',
      'Name a CSV that classify wrote, or add --answers.',
    );
  }
  const { settings } = await resolveSettings({ model: flags.model, device: flags.device }, io);
  const model = await loadModel(settings.model, io.cwd, io.env);
  const dir = outputDir(model, flags, io);
  // a folder that cannot be written to is read as it is
  await settlePending(model.dir, model.metadata.files).catch(() => {});
  const known = await readTraining(model, io);
  const read = await readFeedback(files, flags.column, io);
  const feedback = flags.answers === true ? joinAnswers(read, rememberedAnswers(model, io)) : read;
  const rows = mergeLessons(known, feedback);
  const rules = flags.rules ? proposeRules(feedback) : [];
  const examples = toExamples(rows);
  const knownTemplates = new Set(toExamples(known).map(({ template, label }) => `${label} ${template}`));
  const isLearned = (at: number): boolean => !knownTemplates.has(`${examples[at]!.label} ${examples[at]!.template}`);
  const learned = examples.filter((_, at) => isLearned(at)).length;
  if (learned === 0 && rules.length === 0) {
    io.stderr.write('nothing to learn: no answer of an LLM and no correction that is not known\n');
    return;
  }

  const { metadata } = model;
  const labels = labelSet(
    examples.map(({ label }) => label),
    metadata.labels,
  );
  const features = metadata.features.map(({ kind }) => kind);
  const progress = await startTrainingProgress(io, flags.quiet === true);
  const embedder = metadata.embedder
    ? await openRememberingEmbedder(model.embedderDir ?? metadata.embedder.name, settings, io, progress.tell)
    : undefined;
  try {
    let fits = 0;
    const compared = await compareHeads(examples, isLearned, embedder?.embed, {
      labels: labels.map(({ label }) => label),
      features,
      c: metadata.training.c,
      seed: metadata.training.seed,
      threshold: metadata.threshold,
      signal: io.signal,
      onFit: () => progress.tell('comparing', ++fits, COMPARE_FITS),
    });
    if (flags.yes === true) {
      const fitSettings = {
        labels,
        features,
        embedder: metadata.embedder?.name ?? 'none',
        c: metadata.training.c,
        seed: metadata.training.seed,
        threshold: goalOf(model),
        leastKnown: model.leastKnown,
      };
      const named = embedder && { ...embedder, name: metadata.embedder?.name ?? embedder.name };
      const fitted =
        metadata.training.apart && named
          ? await fitModelApart(examples, fitSettings, named, floorsOf(model), io.signal, progress.tell)
          : await fitModel(examples, fitSettings, named, io.signal, progress.tell);
      await adopt(dir, model, rules, () =>
        writeModelFolder(dir, fitted, examples, new Date().toISOString().slice(0, 10)),
      );
    }
    progress.stop();
    const outcome = {
      lessons: toLessons(feedback).length,
      corrections: feedback.filter(({ corrected }) => corrected !== undefined).length,
      learned,
      encoder: embedder ? { name: metadata.embedder?.name ?? embedder.name, device: embedder.device() ?? null } : null,
      compared,
      rules,
      written: flags.yes === true ? dir : null,
    };
    io.stdout.write(flags.json === true ? `${JSON.stringify(outcome, null, 2)}\n` : renderLearning(outcome));
  } finally {
    progress.stop();
    await embedder?.close();
  }
}

/** The bundled models belong to the package: what is learned goes beside them. */
function outputDir(model: Model, { output, yes }: Flags, io: Io): string {
  if (output !== undefined) return resolve(io.cwd, output);
  if (yes !== true || join(dirname(model.dir), '/') !== BUNDLED) return model.dir;
  throw new LogiqError(
    'E_USAGE',
    `The model "${model.metadata.name}" is a bundled one, which is not changed.`,
    'Name a folder for the new model with -o.',
  );
}

async function readTraining({ dir, metadata }: Model, io: Io): Promise<readonly LabelledRow[]> {
  const file = TRAINING_FILES.find((name) => name in metadata.files);
  if (file === undefined) {
    throw new LogiqError(
      'E_MODEL_MISSING',
      `The model has no ${TRAINING_FILES[0]}.`,
      'Train it again: logiq train FILE -o DIR',
    );
  }
  const path = join(dir, file);
  // training text that `train` wrote has the groups of its rows; that of a bundled model has none
  const group = (await readHeader(path, 'message', io)).includes('group') ? 'group' : undefined;
  return (await readLabelledRows([path], { column: 'message', label: 'label', group }, io)).rows;
}

/** Those of other label sets are left out. */
function rememberedAnswers(model: Model, io: Pick<Io, 'env'>): RememberedLabel[] {
  return parseAnswerLines(exportAnswers(answerFilePath(io.env))).flatMap(({ text, label }) =>
    label !== null && model.labels.includes(label) ? [{ text, label }] : [],
  );
}

function goalOf({ metadata }: Model): Parameters<typeof fitModel>[1]['threshold'] {
  const { targetPrecision, targetLlmShare } = metadata.training.goal ?? {};
  if (targetPrecision !== undefined) return { precision: targetPrecision };
  return targetLlmShare === undefined ? metadata.threshold : { llmShare: targetLlmShare };
}

/** A model gets no surer by learning: it was chosen on more systems than what is learned adds. */
function floorsOf({ temperature, lexical }: Model): Floors {
  return {
    temperature,
    lexicalTemperature: lexical?.temperature ?? 0,
    lexicalThreshold: lexical?.threshold ?? 0,
  };
}

/** Rules of the old model come along; learned ones follow them, where more certain ones have been tried. */
async function adopt(dir: string, model: Model, rules: readonly Rule[], write: () => Promise<void>): Promise<void> {
  await write();
  const source = await readFile(join(model.dir, RULES_FILE), 'utf8');
  const { parse, stringify } = await import('yaml');
  const known: unknown = parse(source);
  const ids = new Set((Array.isArray(known) ? (known as Rule[]) : []).map(({ id }) => id));
  const fresh = rules
    .filter(({ id }) => !ids.has(id))
    .map(({ flags, ...rule }) => (flags === '' ? rule : { ...rule, flags }));
  if (fresh.length === 0 && dir === model.dir) return;
  await replaceDurably(dir, RULES_FILE, withRules(source, fresh.length === 0 ? '' : stringify(fresh), ids.size === 0));
}

function withRules(source: string, learned: string, isEmpty: boolean): string {
  if (learned === '') return source;
  return isEmpty ? learned : `${source.trimEnd()}\n\n# Learned\n\n${learned}`;
}
