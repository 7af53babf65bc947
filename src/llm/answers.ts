import type { LabelMeaning } from '../types.ts';
import { field, parseJson } from './json.ts';
import { noLabel } from './prompt.ts';

/** `null`: no label fits. `undefined`: it gave no answer that counts for this one (missing or more than one). */
export type Answer = string | null | undefined;

/**
 * Reads a model's answer to a prompt with `count` templates; entry i answers the template numbered i + 1.
 *
 * Nothing is believed: a number that is missing, given twice or out of range is no answer, and a label that is not in
 * the set is `null`.
 *
 * @returns `undefined` when the text is not the JSON that was asked for.
 */
export function readAnswers(text: string, count: number, labels: readonly LabelMeaning[]): Answer[] | undefined {
  const entries = entriesOf(text);
  if (entries === undefined) return undefined;

  const known = labelIndex(labels);
  const answers = Array.from<Answer>({ length: count });
  const seen = new Set<number>();
  for (const entry of entries) {
    const [n, label] = [field(entry, 'n'), field(entry, 'label')];
    if (typeof n !== 'number' || !Number.isInteger(n) || n < 1 || n > count) continue;
    answers[n - 1] = seen.has(n) ? undefined : typeof label === 'string' ? (known(label) ?? null) : null;
    seen.add(n);
  }
  return answers;
}

/** Servers that cannot hold a model to JSON let it wrap the object in a code fence or a sentence. */
function entriesOf(text: string): readonly unknown[] | undefined {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start === -1 || end < start) return undefined;
  const entries = field(parseJson(text.slice(start, end + 1)), 'answers');
  return Array.isArray(entries) ? entries : undefined;
}

/** Exact labels first; else without regard to case and outer space where that names one label only. */
function labelIndex(labels: readonly LabelMeaning[]): (answer: string) => string | undefined {
  const exact = new Set(labels.map(({ label }) => label));
  const loose = new Map<string, string | undefined>();
  for (const { label } of labels) {
    const key = label.trim().toLowerCase();
    loose.set(key, loose.has(key) ? undefined : label);
  }
  loose.delete(noLabel(labels));
  return (answer) => (exact.has(answer) ? answer : loose.get(answer.trim().toLowerCase()));
}
