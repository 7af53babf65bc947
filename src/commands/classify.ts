import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { openCascade } from '../cascade.ts';
import { EXIT, LogiqError, type ExitCode } from '../errors.ts';
import { openInput } from '../input/index.ts';
import { openSource } from '../input/source.ts';
import { createWriter } from '../output/index.ts';
import { refuseSameFile } from '../output/same-file.ts';
import { writeAll } from '../output/sink.ts';
import { toTarget } from '../output/target.ts';
import { visible } from '../output/terminal.ts';
import { runPipeline } from '../pipeline.ts';
import { createRunReport } from '../report/create-run-report.ts';
import { createPaint } from '../report/paint.ts';
import { startProgress } from '../report/progress.ts';
import type { RunReport } from '../report/run-report.ts';
import { renderSummary } from '../report/summary.ts';
import { settingNames, settings as registry } from '../settings/registry.ts';
import { resolveSettings } from '../settings/resolve.ts';
import { createRunStats } from '../stats/run-stats.ts';
import type { Io } from '../types.ts';
import { parseFailOn, type FailOn } from './fail-on.ts';

interface Flags extends Readonly<Record<string, string | boolean | undefined>> {
  readonly output?: string;
  readonly stats?: string;
  readonly failOn?: string;
  readonly strict?: boolean;
}

export function classifyCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  const command = new Command('classify')
    .description('Label CSV, TSV or raw log lines. Without FILE, or for "-", reads standard input.')
    .argument('[file...]', 'CSV, TSV or raw log files')
    .option('-o, --output <file>', 'write here instead of standard output; the file appears when it is whole')
    .option('--stats <file>', 'write the statistics as JSON')
    .option('--fail-on <label[>=n]>', 'exit 1 when a label occurs (n times)')
    .option('--strict', 'exit 65 when a record is damaged');
  for (const name of settingNames) command.addOption(new Option(registry[name].flag, registry[name].describe));
  command.addOption(new Option('--no-csv-safe', 'leave cells that look like formulas as they are'));
  return command.action(async (files: string[], flags: Flags) => {
    if (files.length === 0 && io.stdin.isTTY === true) command.help({ error: true });
    setExitCode(await classify(files[0] ?? '-', flags, io));
  });
}

/** read -> cascade (rules, memo, model, memo, LLM, fallback) -> write, then the report. */
async function classify(file: string, flags: Flags, io: Io): Promise<ExitCode> {
  const { settings } = await resolveSettings(flags, io);
  const failOn = flags.failOn === undefined ? undefined : parseFailOn(flags.failOn);
  const target = toTarget(flags.output, io);
  await refuseSameFile([file === '-' ? (io.stdin.fd ?? -1) : resolve(io.cwd, file)], target);

  const stats = createRunStats(() => performance.now());
  const progress = await startProgress(settings.quiet ? 'none' : settings.progress, stats, io);
  const opening = openCascade(settings, io);
  try {
    const reading = openInput(openSource(file, io), {
      format: settings.inputFormat,
      column: settings.column,
      signal: io.signal,
    });
    const [cascade, input] = await Promise.all([opening, reading]);
    const told = `reading ${visible(file)} as ${visible(input.reason)}\n`;
    const tellsAtOnce = !settings.quiet && io.stderr.isTTY === true;
    if (tellsAtOnce) io.stderr.write(told);

    const labelled = runPipeline(input.batches, cascade.stages, { signal: io.signal, stats });
    const write = createWriter(settings.format, input.layout, {
      explain: settings.explain,
      csvSafe: settings.csvSafe ?? target.kind === 'file',
    });
    const { closed } = await writeAll(write(labelled), target, io.signal);
    progress.stop();

    const report = createRunReport([{ file, ...input }], cascade, stats);
    // A reader that went away, such as head, has what it wanted; nothing is left to say.
    if (!settings.quiet && !closed) {
      io.stderr.write((tellsAtOnce ? '' : told) + renderSummary(report, createPaint(io)));
    }
    if (flags.stats !== undefined) await writeStats(resolve(io.cwd, flags.stats), report);
    return exitCodeOf(report, flags.strict === true, failOn);
  } finally {
    progress.stop();
    const cascade = await opening.catch(() => undefined);
    await cascade?.close();
  }
}

async function writeStats(path: string, report: RunReport): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    throw new LogiqError(
      'E_OUTPUT_WRITE',
      `Cannot write the statistics to ${path}: ${(error as Error).message}.`,
      undefined,
      {
        cause: error,
      },
    );
  }
}

/** What the run is to say to scripts, the gravest first. */
function exitCodeOf(report: RunReport, strict: boolean, failOn: FailOn | undefined): ExitCode {
  const stopped = report.llm.stopped?.reason;
  if (strict && report.inputs.some(({ damage }) => Object.keys(damage).length > 0)) return EXIT.badData;
  if (stopped === 'key' || stopped === 'access') return EXIT.keyRefused;
  if (stopped === 'model') return EXIT.unavailable;
  if (stopped === 'budget' || stopped === 'deadline') return EXIT.stoppedEarly;
  if (failOn !== undefined && (report.labels[failOn.label] ?? 0) >= failOn.rows) return EXIT.found;
  return EXIT.ok;
}
