import { toTemplate } from '../template/normalise.ts';
import { UNCLASSIFIED, type Io, type Method } from '../types.ts';
import type { LabelledRow } from './examples.ts';
import { readTables } from './read-labelled.ts';

/** Names of the column where people write the right label, best first. */
export const CORRECTION_COLUMNS = ['corrected_label', 'correct_label', 'correction'] as const;

/** An LLM is wrong now and then, a person less often. */
const LLM_WEIGHT = 0.5;

/** Templates that are held at most; of more, the later ones are left out. */
const MAX_TEMPLATES = 500_000;

const METHODS: ReadonlySet<string> = new Set<Method>([
  'regex',
  'lexical_classifier',
  'embedding_classifier',
  'llm',
  'fallback',
]);

/** What labelled output says of one template. */
export interface TemplateFeedback {
  readonly template: string;
  /** The first message. */
  readonly message: string;
  readonly rows: number;
  /** Rows by the label that they carry, corrections applied. */
  readonly labels: ReadonlyMap<string, number>;
  /** What a person said; the last word counts. */
  readonly corrected: string | undefined;
  /** What an LLM said. */
  readonly answered: string | undefined;
}

/**
 * Reads what `classify` wrote. A row is a correction where it has a `corrected_label` (or `correct_label`, `correction`), or
 * where its `method` is none of logiq's, such as `person`: then its `label` is. Rows of the method `llm` are answers.
 *
 * @throws {LogiqError} as `readTables`; E_INPUT_COLUMN when a file has no columns `label` and `method`.
 */
export async function readFeedback(
  files: readonly string[],
  column: string | undefined,
  io: Pick<Io, 'stdin' | 'cwd' | 'signal'>,
): Promise<readonly TemplateFeedback[]> {
  const found = new Map<string, Open>();
  for await (const row of readTables(files, column, ['label', 'method'], io)) {
    if (row.message.trim() === '') continue;
    const template = toTemplate(row.message);
    let open = found.get(template);
    if (open === undefined) {
      if (found.size >= MAX_TEMPLATES) continue;
      open = { message: row.message, rows: 0, labels: new Map(), corrected: undefined, answered: undefined };
      found.set(template, open);
    }
    // a file whose input had a `label` of its own carries ours as `logiq_label`
    const method = row.cell('logiq_method') || row.cell('method');
    const label = row.cell('logiq_label') || row.cell('label');
    const correction = CORRECTION_COLUMNS.map((name) => row.cell(name).trim()).find((cell) => cell !== '');
    const corrected = correction ?? (METHODS.has(method) ? undefined : label);
    const said = corrected ?? label;
    open.rows++;
    open.labels.set(said, (open.labels.get(said) ?? 0) + 1);
    if (corrected !== undefined && corrected !== '') open.corrected = corrected;
    if (method === 'llm' && label !== UNCLASSIFIED) open.answered = label;
  }
  return Array.from(found, ([template, open]) => ({ template, ...open }));
}

interface Open {
  readonly message: string;
  rows: number;
  readonly labels: Map<string, number>;
  corrected: string | undefined;
  answered: string | undefined;
}

/** An answer that is remembered, of a redacted template. */
export interface RememberedLabel {
  readonly text: string;
  readonly label: string;
}

/** Adds remembered answers; of a template that was read, too, what was read comes first. */
export function joinAnswers(
  feedback: readonly TemplateFeedback[],
  answers: readonly RememberedLabel[],
): readonly TemplateFeedback[] {
  const joined = new Map(feedback.map((read) => [read.template, read]));
  for (const { text, label } of answers) {
    const template = toTemplate(text);
    const read = joined.get(template);
    joined.set(
      template,
      read === undefined
        ? { template, message: text, rows: 1, labels: new Map([[label, 1]]), corrected: undefined, answered: label }
        : { ...read, answered: read.answered ?? label },
    );
  }
  return [...joined.values()];
}

/** What is worth learning of it: corrections first, else answers; one row a template. */
export function toLessons(feedback: readonly TemplateFeedback[]): LabelledRow[] {
  return feedback.flatMap(({ message, corrected, answered }) => {
    if (corrected !== undefined) return corrected === UNCLASSIFIED ? [] : [{ message, label: corrected }];
    return answered === undefined ? [] : [{ message, label: answered, weight: LLM_WEIGHT }];
  });
}

/**
 * Training text and lessons together. Where a person has corrected a template, what the training text said of it goes; what an
 * LLM said never replaces training text.
 */
export function mergeLessons(rows: readonly LabelledRow[], feedback: readonly TemplateFeedback[]): LabelledRow[] {
  const corrected = new Map(feedback.map(({ template, corrected: label }) => [template, label]));
  const kept = rows.filter((row) => {
    const label = corrected.get(toTemplate(row.message));
    return label === undefined || label === row.label;
  });
  const known = new Set(kept.map(({ message }) => toTemplate(message)));
  const lessons = toLessons(feedback.filter(({ template }) => !known.has(template)));
  return [...kept, ...lessons];
}
