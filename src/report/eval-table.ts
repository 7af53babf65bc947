import Table from 'cli-table3';
import type { ModelEvaluation } from '../evaluation/evaluation.ts';
import type { Estimate } from '../evaluation/bootstrap.ts';
import { visible } from '../output/terminal.ts';
import { count, percent, plural } from './numbers.ts';

/** Confusions that are named. */
const MAX_CONFUSIONS = 8;

/** An evaluation as tables, for people. */
export function renderEvaluation(evaluation: ModelEvaluation): string {
  const { rows, templates, accuracy, macroF1, ece, coverageAt, llm } = evaluation;
  const lines = [
    `${plural(rows, 'row')}, ${plural(templates, 'template')}`,
    `accuracy   ${estimate(accuracy)}`,
    `macro F1   ${estimate(macroF1)}`,
    `calibration error ${ece.toFixed(3)}`,
    `answered at precision 0.90: ${percent(coverageAt.p90)} of rows, at 0.95: ${percent(coverageAt.p95)}`,
    `below the threshold, for the LLM: ${plural(llm.rows, 'row')} (${percent(llm.share)}) of ${plural(llm.templates, 'template')}`,
    '',
    stageTable(evaluation),
    '',
    labelTable(evaluation),
    ...confusionLines(evaluation),
  ];
  return `${lines.join('\n')}\n`;
}

function estimate({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function stageTable({ perStage }: ModelEvaluation): string {
  const table = plainTable(['stage', 'rows', 'share', 'precision', 'recall', 'macro F1']);
  for (const { method, rows, share, precision, recall, macroF1 } of perStage) {
    table.push([method, count(rows), percent(share), precision.toFixed(3), recall.toFixed(3), macroF1.toFixed(3)]);
  }
  return table.toString();
}

function labelTable({ perLabel }: ModelEvaluation): string {
  const table = plainTable(['label', 'rows', 'precision', 'recall', 'F1']);
  for (const { label, support, precision, recall, f1 } of perLabel) {
    table.push([visible(label), count(support), precision.toFixed(3), recall.toFixed(3), f1.toFixed(3)]);
  }
  return table.toString();
}

function confusionLines({ labels, confusion }: ModelEvaluation): string[] {
  const pairs = confusion.flatMap((row, truth) =>
    row.flatMap((rows, predicted) => (truth !== predicted && rows > 0 ? [{ truth, predicted, rows }] : [])),
  );
  if (pairs.length === 0) return [];
  const named = pairs.toSorted((a, b) => b.rows - a.rows).slice(0, MAX_CONFUSIONS);
  return [
    '',
    'most confused:',
    ...named.map(
      ({ truth, predicted, rows }) =>
        `  ${count(rows).padStart(6)}  ${visible(labels[truth]!)} taken for ${visible(labels[predicted]!)}`,
    ),
  ];
}

function plainTable(head: string[]): Table.Table {
  const parts = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
  const sides = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
  return new Table({
    head,
    colAligns: head.map((_, at) => (at === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
    chars: { ...Object.fromEntries([...parts, ...sides].map((part) => [part, ''])), middle: ' ' },
  });
}
