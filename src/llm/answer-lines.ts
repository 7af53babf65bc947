import type { RememberedAnswer } from './answer-cache.ts';
import { field, parseJson } from './json.ts';

/** One answer as a line of the cache file, which is also the form of an export. */
export interface AnswerLine extends RememberedAnswer {
  readonly model: string;
  /** ISO 8601, when it was given. */
  readonly at: string;
}

export function formatAnswerLines(lines: Iterable<AnswerLine>): string {
  let text = '';
  for (const { key, model, at, label, text: log } of lines) {
    text += `${JSON.stringify({ key, model, at, label, text: log })}\n`;
  }
  return text;
}

/** The lines that hold an answer; what a crash or a foreign hand left behind is skipped. */
export function parseAnswerLines(text: string): AnswerLine[] {
  return text.split('\n').flatMap((line) => parseAnswerLine(line) ?? []);
}

function parseAnswerLine(line: string): AnswerLine | undefined {
  if (line === '') return undefined;
  const value = parseJson(line);
  const [key, model, at] = [field(value, 'key'), field(value, 'model'), field(value, 'at')];
  const [label, text] = [field(value, 'label'), field(value, 'text')];
  if (typeof key !== 'string' || typeof model !== 'string' || typeof at !== 'string') return undefined;
  if (typeof text !== 'string' || (typeof label !== 'string' && label !== null)) return undefined;
  return { key, model, at, label, text };
}
