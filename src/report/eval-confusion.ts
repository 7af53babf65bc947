import type { ModelEvaluation } from '../evaluation/evaluation.ts';
import { escapeHtml } from './html.ts';
import { count, percent } from './numbers.ts';

/** Shades of a heat map's cells, as classes `h0` to `h9`. */
export const SHADES = 10;

/** Confusion matrix as a table whose cells are shaded by their share of the line. */
export function confusionChart({ labels, confusion }: ModelEvaluation): string {
  const head = labels
    .map((label) => `<th scope="col" title="${escapeHtml(label)}"><span>${escapeHtml(label)}</span></th>`)
    .join('');
  const lines = confusion.map((cells, truth) => {
    const support = cells.reduce((sum, rows) => sum + rows, 0);
    const shaded = cells.map((rows, predicted) => cell(rows, support, labels[truth]!, labels[predicted]!));
    const name = escapeHtml(labels[truth]!);
    return `<tr><th scope="row" title="${name}">${name}</th>${shaded.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0"><table class="heat"><thead><tr><td></td>${head}</tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`;
}

function cell(rows: number, support: number, truth: string, predicted: string): string {
  if (rows === 0) return '<td></td>';
  const share = rows / support;
  const shade = Math.min(SHADES - 1, Math.floor(share * SHADES));
  const kind = truth === predicted ? 'hit' : 'miss';
  const title = `${truth} taken for ${predicted}: ${percent(share)}`;
  return `<td class="${kind} h${shade}" title="${escapeHtml(title)}">${count(rows)}</td>`;
}
