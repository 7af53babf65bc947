import { readPattern } from '../rules/compile.ts';
import type { Rule } from '../rules/rule.ts';
import { placeholders } from '../template/placeholders.ts';
import { UNCLASSIFIED } from '../types.ts';
import type { TemplateFeedback } from './feedback.ts';

/** Rows that a template must have for a rule to be worth it. */
const MIN_ROWS = 20;
const MAX_RULES = 50;
/** Letters of literal text below which a pattern would match by chance. */
const MIN_LETTERS = 12;
/** Other templates that a pattern is tried on. */
const MAX_TRIED = 20_000;

const PLACEHOLDER = new RegExp(Object.keys(placeholders).join('|'), 'g');

/**
 * A rule for each template that is frequent, that a person or an LLM has labelled, and all of whose rows carry that label. Its
 * pattern must match the template's own message and no message of another label.
 */
export function proposeRules(feedback: readonly TemplateFeedback[]): Rule[] {
  const frequent = feedback
    .filter(({ rows, labels }) => rows >= MIN_ROWS && labels.size === 1)
    .filter(({ corrected, answered }) => corrected !== undefined || answered !== undefined)
    .toSorted((a, b) => b.rows - a.rows);
  const tried = feedback.slice(0, MAX_TRIED);
  const rules: Rule[] = [];
  const ids = new Set<string>();
  for (const own of frequent) {
    if (rules.length >= MAX_RULES) break;
    const [label = UNCLASSIFIED] = own.labels.keys();
    const others = tried.filter(({ labels }) => !labels.has(label));
    const pattern = label === UNCLASSIFIED ? undefined : toPattern(own.template);
    if (pattern === undefined || !separates(pattern, own, others)) continue;
    const id = freeId(`learned-${label}`, ids);
    rules.push({
      id,
      label,
      pattern,
      flags: '',
      match: [firstLine(own.message)],
      reject: [firstLine(others[0]?.message ?? 'a line of something else')],
    });
  }
  return rules;
}

/** The template's literal text; what a placeholder stands for is any text without blanks. */
function toPattern(template: string): string | undefined {
  const parts = template.split(PLACEHOLDER);
  while (parts.length > 0 && !/\p{L}/u.test(parts[0]!)) parts.shift();
  while (parts.length > 0 && !/\p{L}/u.test(parts.at(-1)!)) parts.pop();
  const letters = parts.join('').match(/\p{L}/gu)?.length ?? 0;
  if (letters < MIN_LETTERS) return undefined;
  const escaped = parts.map((part) =>
    part.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`).replace(/\s+/g, String.raw`\s+`),
  );
  return escaped.join(String.raw`\S*`).replace(/^(?:\\s\+)+|(?:\\s\+)+$/g, '');
}

function separates(pattern: string, own: TemplateFeedback, others: readonly TemplateFeedback[]): boolean {
  try {
    const matches = readPattern(pattern, '').compile();
    return matches(firstLine(own.message)) && !others.some(({ message }) => matches(message));
  } catch {
    return false; // too costly for the rules' engine, or no pattern it reads
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!;
}

function freeId(wanted: string, taken: Set<string>): string {
  const base = wanted
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}-${count}`;
  taken.add(id);
  return id;
}
