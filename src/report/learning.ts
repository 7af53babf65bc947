import type { Provider } from '../embedders/device.ts';
import { visible } from '../output/terminal.ts';
import type { Rule } from '../rules/rule.ts';
import type { ComparedSets, Comparison } from '../training/compare.ts';
import { percent, plural } from './numbers.ts';
import { encoderLine } from './training.ts';

export interface LearningOutcome {
  /** Templates with an answer or a correction. */
  readonly lessons: number;
  readonly corrections: number;
  /** Those of them that the training text did not say already. */
  readonly learned: number;
  /** Null for n-grams alone. Its device is what has computed; null where every embedding was remembered. */
  readonly encoder: { readonly name: string; readonly device: Provider | null } | null;
  readonly compared: ComparedSets;
  readonly rules: readonly Rule[];
  /** Model folder; null when nothing was written. */
  readonly written: string | null;
}

/** What learning would change, or has changed, for people. */
export function renderLearning(outcome: LearningOutcome): string {
  const { lessons, corrections, learned, encoder, compared, rules, written } = outcome;
  const lines = [
    `${plural(lessons, 'template')} with an answer or a correction (${plural(corrections, 'correction')}), ${learned} of them new`,
    ...(encoder ? [`encoder: ${encoderLine(encoder.name, encoder.device ?? undefined)}`] : []),
    'held out, before and after:',
    ...comparison('known text', compared.known),
    ...(compared.learned ? comparison('what is new', compared.learned) : []),
    rules.length === 0
      ? 'no template is frequent and pure enough for a rule'
      : `${plural(rules.length, 'rule')} proposed:`,
    ...rules.map(({ id, label, pattern }) => `  ${id}: ${label} <- ${pattern}`),
    written === null ? 'nothing was written; adopt it with --yes' : `wrote ${written}`,
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

function comparison(name: string, { before, after, unsureBefore, unsureAfter }: Comparison): string[] {
  return [
    `  ${name} (${plural(before.rows, 'template')}): accuracy ${change(before.accuracy, after.accuracy)}, ` +
      `macro F1 ${change(before.macroF1, after.macroF1)}, below the threshold ${percent(unsureBefore)} -> ${percent(unsureAfter)}`,
  ];
}

function change(before: number, after: number): string {
  const difference = after - before;
  return `${before.toFixed(3)} -> ${after.toFixed(3)} (${difference < 0 ? '' : '+'}${difference.toFixed(3)})`;
}
