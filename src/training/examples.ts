import { toTemplate } from '../template/normalise.ts';

/** One labelled message. */
export interface LabelledRow {
  readonly message: string;
  readonly label: string;
  /** Counts this much of a row; 1 where absent. */
  readonly weight?: number;
  /** Rows of one group are never on both sides of a split; absent: the template is the group. */
  readonly group?: string;
  /** The program or device that wrote the message, where known. */
  readonly system?: string;
}

/** What a head is fitted on: a template and its label. */
export interface Example {
  readonly template: string;
  readonly label: string;
  readonly weight: number;
  readonly group: string;
  readonly system: string;
  /** Rows that it stands for, at least 1. */
  readonly rows: number;
  /** The first of them. */
  readonly message: string;
}

/**
 * One example a template and label: a message that was written a thousand times teaches what it teaches once. Where a
 * template has several labels, its examples share one weight by their numbers of rows.
 *
 * @returns In the order of first occurrence.
 */
export function toExamples(rows: readonly LabelledRow[]): Example[] {
  const byTemplate = new Map<string, Map<string, Example>>();
  for (const { message, label, weight = 1, group, system = '' } of rows) {
    const template = toTemplate(message);
    let byLabel = byTemplate.get(template);
    if (byLabel === undefined) byTemplate.set(template, (byLabel = new Map<string, Example>()));
    const known = byLabel.get(label);
    byLabel.set(
      label,
      known === undefined
        ? { template, label, weight, group: group ?? template, system, rows: 1, message }
        : { ...known, weight: Math.max(known.weight, weight), rows: known.rows + 1 },
    );
  }
  return [...byTemplate.values()].flatMap((byLabel) => shareWeight([...byLabel.values()]));
}

function shareWeight(examples: readonly Example[]): readonly Example[] {
  if (examples.length === 1) return examples;
  const rows = examples.reduce((sum, example) => sum + example.rows, 0);
  return examples.map((example) => ({ ...example, weight: (example.weight * example.rows) / rows }));
}
