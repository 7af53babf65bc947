import { runPipeline } from '../pipeline.ts';
import { createRunStats } from '../stats/run-stats.ts';
import { toTemplate } from '../template/normalise.ts';
import type { LabelledRow } from '../training/examples.ts';
import type { RecordBatch, Stage } from '../types.ts';
import type { Outcome } from './outcome.ts';

const BATCH_ROWS = 512;

/** Puts labelled messages through the stages of a run. */
export async function labelRows(
  rows: readonly LabelledRow[],
  stages: readonly Stage[],
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const stats = createRunStats(() => 0);
  for await (const { firstRow, verdicts } of runPipeline(toBatches(rows), stages, { signal, stats })) {
    for (const [at, { label, confidence, method }] of verdicts.entries()) {
      const row = rows[firstRow - 1 + at]!;
      outcomes.push({ truth: row.label, predicted: label, confidence, method, template: toTemplate(row.message) });
    }
    onProgress(outcomes.length, rows.length);
  }
  signal.throwIfAborted();
  return outcomes;
}

async function* toBatches(rows: readonly LabelledRow[]): AsyncGenerator<RecordBatch> {
  for (let from = 0; from < rows.length; from += BATCH_ROWS) {
    const texts = rows.slice(from, from + BATCH_ROWS).map(({ message }) => message);
    yield { firstRow: from + 1, raws: texts.map(() => ''), texts };
  }
}
