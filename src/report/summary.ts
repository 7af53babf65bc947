import Table from 'cli-table3';
import { visible, visibleLine } from '../output/terminal.ts';
import { adviceOn } from './advice.ts';
import { count, duration, money, percent, plural } from './numbers.ts';
import type { Paint } from './paint.ts';
import type { LlmReport, RunReport } from './run-report.ts';

const TOP_LABELS = 8;

/** The summary that people read at the end of a run, with a final line feed. */
export function renderSummary(report: RunReport, paint: Paint): string {
  const head = [
    plural(report.rows, 'row'),
    `in ${duration(report.seconds * 1000)}`,
    `(${count(Math.round(report.rowsPerSecond))} rows/s),`,
    plural(report.templates, 'template'),
  ].join(' ');
  const lines =
    report.rows === 0
      ? []
      : [...damageLines(report), stageTable(report), labelLine(report), ...encoderLines(report), ...llmLines(report)];
  const advice = adviceOn(report).map((text) => `${paint.bold('note:')} ${text}`);
  return `\n${[paint.bold(head), ...lines, ...advice].join('\n')}\n`;
}

function damageLines({ inputs }: RunReport): string[] {
  return inputs.flatMap(({ file, damage }) =>
    Object.entries(damage).map(
      ([kind, found]) =>
        `damaged: ${visibleLine(file)}: ${count(found.count)} × ${kind}, first in line ${count(found.firstLine)}`,
    ),
  );
}

function stageTable({ rows, stages, blankRows }: RunReport): string {
  const table = new Table({
    head: ['stage', 'rows', 'share', 'p50', 'p95', 'p99'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
    chars: lightBorders,
  });
  for (const { name, decided, share, latencyMs } of stages) {
    const { p50, p95, p99 } = latencyMs;
    table.push([name, count(decided), percent(share), duration(p50), duration(p95), duration(p99)]);
  }
  if (blankRows > 0) table.push(['blank', count(blankRows), percent(blankRows / rows), '', '', '']);
  table.push(['total', count(rows), rows > 0 ? '100.0 %' : '', '', '', '']);
  return table.toString();
}

/** A rule under the header and nothing else: the rest of the boxes says nothing. */
const lightBorders = {
  ...Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'right',
    ].map((part) => [part, '']),
  ),
  'left-mid': '',
  'right-mid': '',
  mid: '─',
  'mid-mid': '─',
  middle: ' ',
};

function labelLine({ labels }: RunReport): string {
  const all = Object.entries(labels);
  const shown = all.slice(0, TOP_LABELS).map(([label, rows]) => `${visible(label)} ${count(rows)}`);
  if (all.length > TOP_LABELS) shown.push(`${all.length - TOP_LABELS} more`);
  return `labels: ${wrapped(shown) || 'none'}`;
}

/** Items joined by commas, no line over 80 columns where the items allow it. */
function wrapped(items: readonly string[]): string {
  const lines = [''];
  for (const item of items) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = item;
    else if (INDENT + line.length + item.length + 3 <= 80) lines[lines.length - 1] = `${line}, ${item}`;
    else lines.push(item);
  }
  return lines.join(`,\n${' '.repeat(INDENT)}`);
}

/** Width of `labels: `. */
const INDENT = 8;

/** What really computed, where anything did: `--device auto` takes what works. */
function encoderLines({ model: { embedder, device } }: RunReport): string[] {
  return embedder === null || device === null ? [] : [`encoder: ${visibleLine(embedder)} on ${device}`];
}

function llmLines({ llm }: RunReport): string[] {
  const lines = [];
  lines.push(llm.off === null ? used(llm) : withheld(llm, llm.off));
  if (llm.problem !== null) lines.push(`llm: ${visibleLine(llm.problem)}`);
  if (llm.stopped !== null) lines.push(`llm: ${visibleLine(llm.stopped.message)} ${visibleLine(llm.stopped.hint)}`);
  return lines;
}

function withheld({ unansweredRows, model, oneCallARow }: LlmReport, why: 'offline' | 'no key'): string {
  const reason = why === 'offline' ? 'off (--offline)' : 'off (no GROQ_API_KEY)';
  const kept =
    unansweredRows > 0
      ? `; ${plural(unansweredRows, 'row')} below the threshold ${unansweredRows === 1 ? 'keeps' : 'keep'} the best guess`
      : '';
  return `llm: ${reason}${kept}\n     one call a row to ${model} would be ${plural(oneCallARow.calls, 'call')}, ${money(oneCallARow.costUsd)}`;
}

function used(llm: LlmReport): string {
  const tokens = `${count(llm.inputTokens)} tokens in, ${count(llm.outputTokens)} out`;
  const saved = llm.costUsd === null || llm.oneCallARow.costUsd === null ? null : llm.oneCallARow.costUsd - llm.costUsd;
  const trouble = llm.failures > 0 ? `, ${count(llm.failures)} failed` : '';
  const line = `llm: ${plural(llm.calls, 'call')} to ${llm.model}${trouble}, ${tokens}, ${money(llm.costUsd)}`;
  if (llm.failures > 0 && llm.failures === llm.calls && llm.remembered === 0) return line; // nothing was had, nor saved
  return `${line}\n     saved ${plural(llm.oneCallARow.calls - llm.calls, 'call')} and ${money(saved)} against one call a row`;
}
