import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { openCascade } from '../cascade.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { evaluateOutcomes, type ModelEvaluation } from '../evaluation/evaluation.ts';
import { labelRows } from '../evaluation/label-rows.ts';
import { visible } from '../output/terminal.ts';
import { writeError } from '../output/write-error.ts';
import type { EvaluatedModel } from '../report/eval-html.ts';
import { renderEvaluation } from '../report/eval-table.ts';
import { settings as registry } from '../settings/registry.ts';
import { resolveSettings } from '../settings/resolve.ts';
import { readLabelledRows } from '../training/labelled-rows.ts';
import { startTrainingProgress } from '../training/progress.ts';
import type { Io } from '../types.ts';

interface Flags extends Readonly<Record<string, string | boolean | undefined>> {
  readonly column?: string;
  readonly label?: string;
  readonly json?: boolean;
  readonly html?: string;
  readonly quiet?: boolean;
}

const SETTINGS = ['model', 'embedder', 'threshold', 'rules', 'threads', 'device'] as const;
/** Of the bootstrap: the same rows give the same intervals. */
const SEED = 1;

export function evalCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  const command = new Command('eval')
    .description(
      'Score a classifier on labelled messages: per label, per stage, calibration. Nothing is sent anywhere.',
    )
    .argument('<file...>', 'CSV or TSV files with a column for the message and one for the label')
    .option('--column <name>', 'message column (default: message, log_message, msg, log or text)')
    .option('--label <name>', 'label column (default: label, target_label, category, class or target)')
    .option('--json', 'everything as JSON instead of tables')
    .option('--html <file>', 'also write a page with plots')
    .option('-q, --quiet', 'no progress and no warnings');
  for (const name of SETTINGS) command.addOption(new Option(registry[name].flag, registry[name].describe));
  return command.action(async (files: string[], flags: Flags) => {
    await evaluateFiles(files, flags, io);
    setExitCode(EXIT.ok);
  });
}

/** rows -> cascade without LLM -> scores -> table or JSON on stdout, and a page. */
async function evaluateFiles(files: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { settings } = await resolveSettings(Object.fromEntries(SETTINGS.map((name) => [name, flags[name]])), io);
  const quiet = flags.quiet === true;
  const { rows, skipped } = await readLabelledRows(files, { column: flags.column, label: flags.label }, io);
  const progress = await startTrainingProgress(io, quiet);
  const cascade = await openCascade({ ...settings, offline: true }, io);
  try {
    const outcomes = await labelRows(rows, cascade.stages, io.signal, (done, total) =>
      progress.tell('labelling', done, total),
    );
    progress.stop();
    if (!quiet) warn(skipped, rows, cascade.model.labels, io);
    const evaluation = evaluateOutcomes(outcomes, SEED);
    const model: EvaluatedModel = {
      name: cascade.model.metadata.name,
      embedder: cascade.embedder,
      threshold: cascade.threshold,
      files,
    };
    if (flags.html !== undefined) await writePage(resolve(io.cwd, flags.html), evaluation, model);
    io.stdout.write(
      flags.json === true ? `${JSON.stringify({ model, ...evaluation }, null, 2)}\n` : renderEvaluation(evaluation),
    );
  } finally {
    progress.stop();
    await cascade.close();
  }
}

function warn(skipped: number, rows: readonly { label: string }[], labels: readonly string[], io: Io): void {
  if (skipped > 0) io.stderr.write(`${skipped} rows without a message or a label are left out\n`);
  const unknown = [...new Set(rows.map(({ label }) => label))].filter((label) => !labels.includes(label));
  if (unknown.length > 0) {
    io.stderr.write(`warning: the model does not know these labels: ${visible(unknown.slice(0, 10).join(', '))}\n`);
  }
}

async function writePage(path: string, evaluation: ModelEvaluation, model: EvaluatedModel): Promise<void> {
  const { renderEvaluationHtml } = await import('../report/eval-html.ts');
  try {
    await writeFile(path, renderEvaluationHtml(evaluation, model));
  } catch (cause) {
    throw writeError(path, cause);
  }
}
