import { distance } from 'fastest-levenshtein';
import { plural } from '../report/numbers.ts';
import type { Example } from './examples.ts';

/** Templates below which a label is learned by heart rather than understood. */
export const FEW_TEMPLATES = 8;
/** Of a kind, so many are named. */
const MAX_NAMED = 3;
const NAMED_CHARS = 70;

/** What is doubtful about training text, a sentence each, for people. */
export function findDoubts(examples: readonly Example[]): string[] {
  return [...rareLabels(examples), ...contradictions(examples), ...leaks(examples), ...alikeLabels(examples)];
}

function rareLabels(examples: readonly Example[]): string[] {
  const templates = new Map<string, number>();
  for (const { label } of examples) templates.set(label, (templates.get(label) ?? 0) + 1);
  return [...templates]
    .filter(([, found]) => found < FEW_TEMPLATES)
    .map(([label, found]) => `"${label}" has ${plural(found, 'template')}; ${FEW_TEMPLATES} or more make it reliable`);
}

function contradictions(examples: readonly Example[]): string[] {
  const labels = groupBy(
    examples,
    ({ template }) => template,
    ({ label }) => label,
  );
  const torn = [...labels].filter(([, found]) => found.size > 1);
  if (torn.length === 0) return [];
  const named = torn
    .slice(0, MAX_NAMED)
    .map(([template, found]) => `"${cut(template)}" is ${[...found].join(' and ')}`);
  return [`${plural(torn.length, 'template')} with more than one label: ${named.join('; ')}`];
}

/** Groups are to keep what belongs together on one side of a split: a template in two of them leaks. */
function leaks(examples: readonly Example[]): string[] {
  const groups = groupBy(
    examples,
    ({ template }) => template,
    ({ group }) => group,
  );
  const leaking = [...groups].filter(([, found]) => found.size > 1);
  if (leaking.length === 0) return [];
  const named = leaking.slice(0, MAX_NAMED).map(([template]) => `"${cut(template)}"`);
  return [
    `${plural(leaking.length, 'template')} in more than one group, so that held-out scores flatter: ${named.join(', ')}`,
  ];
}

function alikeLabels(examples: readonly Example[]): string[] {
  const labels = [...new Set(examples.map(({ label }) => label))].toSorted();
  const pairs = labels.flatMap((a, at) =>
    labels.slice(at + 1).flatMap((b) => (isAlike(a, b) ? [[a, b] as const] : [])),
  );
  return pairs.map(([a, b]) => `the labels "${a}" and "${b}" look like one`);
}

function isAlike(a: string, b: string): boolean {
  const [one, other] = [bare(a), bare(b)];
  if (one === other || `${one}s` === other || one === `${other}s`) return true;
  return Math.min(one.length, other.length) > 4 && distance(one, other) === 1;
}

function bare(label: string): string {
  return label.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function groupBy(
  examples: readonly Example[],
  key: (example: Example) => string,
  value: (example: Example) => string,
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const example of examples) {
    const values = found.get(key(example)) ?? new Set<string>();
    found.set(key(example), values.add(value(example)));
  }
  return found;
}

function cut(text: string): string {
  return text.length > NAMED_CHARS ? `${text.slice(0, NAMED_CHARS)}…` : text;
}
