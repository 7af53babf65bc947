import { visible } from '../output/terminal.ts';
import type { Paint } from '../report/paint.ts';
import type { Check } from './check.ts';

/** Columns that names and marks take. */
const INDENT = 12;

/** One paragraph a check, wrapped at `columns`. */
export function renderChecks(checks: readonly Check[], paint: Paint, columns: number): string {
  const marks = { ok: paint.green('ok'), note: paint.dim('--'), problem: paint.red('!!') };
  const lines = checks.flatMap(({ name, status, found, hint }) => {
    const [first = '', ...others] = wrap(visible(found), columns - INDENT);
    const hints = hint === undefined ? [] : wrap(`-> ${visible(hint)}`, columns - INDENT);
    return [
      `${marks[status]} ${paint.bold(name.padEnd(INDENT - 3))}${first}`,
      ...others.map((line) => ' '.repeat(INDENT) + line),
      ...hints.map((line) => ' '.repeat(INDENT) + paint.dim(line)),
    ];
  });
  const problems = checks.filter(({ status }) => status === 'problem').length;
  const verdict = problems === 0 ? paint.green('All is well.') : paint.red(`${problems} to mend.`);
  return `${[...lines, '', verdict].join('\n')}\n`;
}

function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
