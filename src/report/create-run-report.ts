import type { Cascade } from '../cascade.ts';
import type { RecordStream } from '../input/index.ts';
import type { RunStats } from '../stats/run-stats.ts';
import { readVersion } from '../version.ts';
import type { InputReport, LlmReport, RunReport } from './run-report.ts';

/** Gathers the counters of a run that has ended. */
export function createRunReport(
  inputs: ReadonlyArray<{ readonly file: string } & Pick<RecordStream, 'format' | 'damage'>>,
  cascade: Cascade,
  stats: RunStats,
  interrupted = false,
): RunReport {
  const rows = stats.rows();
  const seconds = stats.elapsedMs() / 1000;
  const stages = stats.stages().map((stage) => ({ ...stage, share: rows > 0 ? stage.decided / rows : 0 }));
  const decided = stages.reduce((sum, stage) => sum + stage.decided, 0);
  const guessed = stages.find(({ name }) => name === 'fallback')?.decided ?? 0;
  return {
    logiq: readVersion(),
    inputs: inputs.map(inputReport),
    rows,
    seconds,
    rowsPerSecond: seconds > 0 ? rows / seconds : 0,
    stages,
    blankRows: rows - decided,
    methods: Object.fromEntries(stats.methods()),
    labels: Object.fromEntries(stats.labels()),
    templates: cascade.templates(),
    model: {
      name: cascade.model.metadata.name,
      embedder: cascade.embedder,
      device: cascade.device() ?? null,
      threshold: cascade.threshold,
    },
    llm: llmReport(cascade, rows, guessed),
    interrupted,
  };
}

function inputReport({
  file,
  format,
  damage,
}: { readonly file: string } & Pick<RecordStream, 'format' | 'damage'>): InputReport {
  const { 'blank-line': _notDamage, ...kinds } = damage;
  return { file, format, damage: kinds };
}

function llmReport({ llm, llmOff, llmModel, oneCallARow }: Cascade, rows: number, unansweredRows: number): LlmReport {
  const usage = llm?.usage();
  return {
    off: llmOff,
    model: llmModel,
    stopped: usage?.stopped ?? null,
    problem: llm?.problem() ?? null,
    calls: usage?.calls ?? 0,
    failures: usage?.failures ?? 0,
    retries: usage?.retries ?? 0,
    remembered: usage?.remembered ?? 0,
    inputTokens: usage?.inputTokens ?? 0,
    cachedInputTokens: usage?.cachedInputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    costUsd: usage === undefined ? 0 : usage.costUsd,
    oneCallARow: oneCallARow(rows),
    unansweredRows,
  };
}
