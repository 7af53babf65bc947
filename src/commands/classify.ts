import { rm } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { openCascade } from '../cascade.ts';
import { EXIT, LogiqError, type ExitCode } from '../errors.ts';
import { expandInputs, type Inputs } from '../input/expand.ts';
import { toTarget } from '../output/target.ts';
import { visibleLine } from '../output/terminal.ts';
import { createRunReport } from '../report/create-run-report.ts';
import { count, plural } from '../report/numbers.ts';
import { createPaint } from '../report/paint.ts';
import { startProgress } from '../report/progress.ts';
import type { RunReport } from '../report/run-report.ts';
import { createTeller } from '../report/teller.ts';
import { settingNames, settings as registry } from '../settings/registry.ts';
import { resolveSettings } from '../settings/resolve.ts';
import { createCollectStage } from '../stages/collect.ts';
import { createRunStats } from '../stats/run-stats.ts';
import type { Io } from '../types.ts';
import { refuseContradictions, refuseMany } from './contradictions.ts';
import { parseFailOn, refuseUnknownLabel, type FailOn } from './fail-on.ts';
import { inputIdentity, type LabelledInput, type LabelRun } from './label-input.ts';
import { startPage } from './start-page.ts';
import { refuseStatsTarget, writeStats } from './stats-file.ts';
import { writeEach, writeNothing, writeOne, writeResumable } from './write-outputs.ts';

/** Binary files that are named. */
const MAX_NAMED = 3;

interface Flags extends Readonly<Record<string, string | boolean | undefined>> {
  readonly output?: string;
  readonly stats?: string;
  readonly failOn?: string;
  readonly strict?: boolean;
  readonly outDir?: string;
  readonly follow?: boolean;
  readonly resume?: boolean;
  readonly dryRun?: boolean;
}

export function classifyCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  const command = new Command('classify')
    .description('Label CSV, TSV, JSON lines, logfmt or raw log lines. Without FILE, or for "-", reads standard input.')
    .argument('[file...]', 'log files, folders of them, or patterns such as "logs/**/*.log"')
    .option('-o, --output <file>', 'write here instead of standard output; the file appears when it is whole')
    .option('--out-dir <dir>', 'write each input to a file of its own below this folder')
    .option('-f, --follow', 'go on as the file grows, also when it is rotated, emptied or created anew')
    .option('--dry-run', 'write no rows; tell what would be sent to the LLM, to the letter, and what it would cost')
    .option('--resume', 'with -o: go on where an earlier run of the same command was stopped')
    .option('--stats <file>', 'write the statistics as JSON; - for standard output')
    .option('--fail-on <label[>=n]>', 'exit 1 when a label occurs (n times)')
    .option('--strict', 'exit 65 when a record is damaged');
  for (const name of settingNames) command.addOption(new Option(registry[name].flag, registry[name].describe));
  command.addOption(new Option('--no-csv-safe', 'leave cells that look like formulas as they are'));
  return command.action(async (files: string[], flags: Flags) => {
    if (files.length === 0 && io.stdin.isTTY === true) {
      io.stderr.write(startPage(createPaint(io)));
      return setExitCode(EXIT.usage);
    }
    setExitCode(await classify(files.length === 0 ? ['-'] : files, flags, io));
  });
}

/** inputs -> read, events, cascade (rules, memo, model, memo, LLM, fallback) -> outputs, then the report. */
async function classify(words: readonly string[], flags: Flags, io: Io): Promise<ExitCode> {
  const { settings } = await resolveSettings(flags, io);
  const failOn = flags.failOn === undefined ? undefined : parseFailOn(flags.failOn);
  const target = toTarget(flags.output, io);
  refuseContradictions(flags, target);
  const inputs = await expandInputs(words, io, settings.encoding);
  tellBinary(inputs, io);
  const statsTarget = flags.stats === undefined ? undefined : toTarget(flags.stats, io);
  const identities = inputs.files.map((file) => inputIdentity(file, io));
  if (statsTarget) await refuseStatsTarget(statsTarget, identities, flags.outDir === undefined ? target : undefined);
  if (flags.follow === true || flags.resume === true) refuseMany(inputs);

  let bytes = 0;
  const total = flags.follow === true ? undefined : sumOf(inputs);
  const stats = createRunStats(() => performance.now());
  const progress = await startProgress(settings.quiet ? 'none' : settings.progress, stats, io, {
    bytes: () => bytes,
    total,
  });
  const collect = flags.dryRun === true ? createCollectStage() : undefined;
  const ledgerPath = flags.resume === true && target.kind === 'file' ? `${target.path}.ledger` : undefined;
  const opening = openCascade(settings, io, { insteadOfLlm: collect, ledgerPath });
  const checked = opening.then((cascade) => {
    if (failOn) refuseUnknownLabel(failOn, cascade.labels);
    return cascade;
  });
  checked.catch(() => {}); // whoever waits for it is told
  const run: LabelRun = {
    settings,
    io,
    stats,
    opening: checked,
    follow: flags.follow === true,
    countBytes: (read) => (bytes += read),
  };
  const opened: LabelledInput[] = [];
  const told = settings.quiet ? undefined : createTeller(io, inputs.files.length);
  const onOpen = (input: LabelledInput): void => {
    opened.push(input);
    told?.add(`reading ${visibleLine(input.file)} as ${visibleLine(input.reason)}`);
  };
  try {
    let closed = false;
    const [file] = inputs.files;
    if (collect) await writeNothing(inputs, run, onOpen);
    else if (flags.outDir !== undefined) await writeEach(inputs, flags.outDir, run, onOpen);
    else if (flags.resume === true && target.kind === 'file' && file) {
      const rows = await writeResumable(file, target, run, onOpen);
      if (ledgerPath !== undefined && !io.signal.aborted) await rm(ledgerPath, { force: true });
      if (rows > 0) told?.add(`went on after row ${count(rows)}`);
    } else closed = await writeOne(inputs, target, run, onOpen);
    progress.stop();

    const report = createRunReport(opened, await opening, stats, io.signal.aborted);
    // A reader that went away, such as head, has what it wanted; nothing is left to say.
    if (!closed && told) {
      const { renderSummary } = await import('../report/summary.ts');
      io.stderr.write(told.rest() + renderSummary(report, createPaint(io)));
    }
    if (collect) {
      const { tellDryRun } = await import('./dry-run.ts');
      await tellDryRun(collect.templates(), await opening, settings, io);
    }
    if (statsTarget) await writeStats(statsTarget, report);
    if (flags.strict === true) refuseDamage(report);
    return exitCodeOf(report, failOn);
  } finally {
    progress.stop();
    const cascade = await opening.catch(() => undefined);
    await cascade?.close();
  }
}

/** Also when quiet: what was asked for is not all there. */
function tellBinary({ binary }: Inputs, io: Io): void {
  if (binary.length === 0) return;
  const named = binary.slice(0, MAX_NAMED).map(visibleLine).join(', ');
  const more = binary.length > MAX_NAMED ? ', ...' : '';
  io.stderr.write(`leaving out ${plural(binary.length, 'binary file')}: ${named}${more}\n`);
}

function sumOf({ files }: Inputs): number | undefined {
  return files.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
}

/** Every row has been written by then. @throws {LogiqError} E_INPUT_DAMAGED that names the first of each kind. */
function refuseDamage({ inputs }: RunReport): void {
  const found = inputs.flatMap(({ file, damage }) =>
    Object.entries(damage).map(([kind, { firstLine }]) => `${kind} in line ${firstLine} of ${file}`),
  );
  if (found.length === 0) return;
  throw new LogiqError(
    'E_INPUT_DAMAGED',
    `The input has damaged records: ${found.join(', ')}.`,
    'All rows were written. Mend the input, or leave out --strict.',
  );
}

/** What the run is to say to scripts, the gravest first. */
function exitCodeOf(report: RunReport, failOn: FailOn | undefined): ExitCode {
  const stopped = report.llm.stopped?.reason;
  if (stopped === 'key' || stopped === 'access') return EXIT.keyRefused;
  if (stopped === 'model' || stopped === 'down') return EXIT.unavailable;
  if (stopped === 'budget' || stopped === 'deadline') return EXIT.stoppedEarly;
  if (failOn !== undefined && (report.labels[failOn.label] ?? 0) >= failOn.rows) return EXIT.found;
  return EXIT.ok;
}
