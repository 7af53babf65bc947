import { createHash } from 'node:crypto';
import type { Estimate } from '../evaluation/bootstrap.ts';
import type { ModelEvaluation } from '../evaluation/evaluation.ts';
import { confusionChart } from './eval-confusion.ts';
import { coverageChart, reliabilityChart } from './eval-charts.ts';
import { EVAL_STYLE } from './eval-style.ts';
import { escapeHtml } from './html.ts';
import { count, percent, plural } from './numbers.ts';

export interface EvaluatedModel {
  readonly name: string;
  readonly embedder: string | null;
  readonly threshold: number;
  /** What was read, for people. */
  readonly files: readonly string[];
}

/** One page that needs nothing else: no script, no font, no network; its one style sheet is named by hash in the policy. */
export function renderEvaluationHtml(evaluation: ModelEvaluation, model: EvaluatedModel): string {
  const hash = createHash('sha256').update(EVAL_STYLE).digest('base64');
  const { rows, templates } = evaluation;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(model.name)}: evaluation</title>
<style>${EVAL_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(model.name)}</h1>
<p>${plural(rows, 'row')} of ${plural(templates, 'template')} from ${escapeHtml(model.files.join(', '))}. Encoder: ${escapeHtml(model.embedder ?? 'none')}. Threshold: ${model.threshold}.</p>
</header>
${tiles(evaluation)}
<div class="charts">
<figure><figcaption><h2>Can its confidence be believed?</h2><p>Where a bar reaches the diagonal, as many answers are right as it says. Rules are left out.</p></figcaption>${reliabilityChart(evaluation)}</figure>
<figure><figcaption><h2>How much can it answer?</h2><p>Surest rows first: share answered against the share of those that are right.</p></figcaption>${coverageChart(evaluation)}</figure>
</div>
<section><h2>Stages</h2>${stageTable(evaluation)}</section>
<section><h2>Labels</h2>${labelTable(evaluation)}</section>
<section><h2>What is taken for what</h2><p>A line is a true label, a column what was said; shades are shares of the line, numbers are rows.</p>${confusionChart(evaluation)}</section>
</main>
</body>
</html>
`;
}

function tiles({ accuracy, macroF1, ece, coverageAt, llm }: ModelEvaluation): string {
  return `<dl class="tiles">
${tile('Accuracy', accuracy.value.toFixed(3), interval(accuracy))}
${tile('Macro F1', macroF1.value.toFixed(3), interval(macroF1))}
${tile('Calibration error', ece.toFixed(3), '0 is perfect')}
${tile('Answered at precision 0.90', percent(coverageAt.p90), `${percent(coverageAt.p95)} at 0.95`)}
${tile('Left to the LLM', percent(llm.share), `${plural(llm.rows, 'row')}, ${plural(llm.templates, 'template')}`)}
</dl>`;
}

function tile(name: string, value: string, note: string): string {
  return `<div><dt>${name}</dt><dd><strong>${value}</strong><span>${note}</span></dd></div>`;
}

function interval({ low, high }: Estimate): string {
  return `95 %: ${low.toFixed(3)} to ${high.toFixed(3)}`;
}

function stageTable({ perStage }: ModelEvaluation): string {
  const rows = perStage.map(({ method, rows: answered, share, precision, recall, macroF1 }) =>
    cells(method, [count(answered), percent(share), precision.toFixed(3), recall.toFixed(3), macroF1.toFixed(3)]),
  );
  return table(['Stage', 'Rows', 'Share', 'Precision', 'Recall', 'Macro F1'], rows);
}

function labelTable({ perLabel }: ModelEvaluation): string {
  const rows = perLabel.map(({ label, support, precision, recall, f1 }) =>
    cells(label, [count(support), precision.toFixed(3), recall.toFixed(3), f1.toFixed(3)], bar(f1)),
  );
  return table(['Label', 'Rows', 'Precision', 'Recall', 'F1'], rows, '<td class="bar"></td>');
}

function bar(share: number): string {
  return `<td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill" width="${(share * 100).toFixed(1)}" height="10"/></svg></td>`;
}

function table(head: readonly string[], rows: readonly string[], last = ''): string {
  const names = head.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<div class="scroll" tabindex="0"><table><thead><tr>${names}${last}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function cells(name: string, values: readonly string[], last = ''): string {
  const breakable = escapeHtml(name).replaceAll('_', '_<wbr>');
  return `<tr><th scope="row">${breakable}</th>${values.map((value) => `<td>${value}</td>`).join('')}${last}</tr>`;
}
