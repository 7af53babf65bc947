import type { Verdict } from '../types.ts';
import type { WriterOptions } from './writer.ts';

/** A column that we add. */
export interface VerdictColumn {
  readonly name: string;
  /** Undefined: the verdict has none. */
  value(verdict: Verdict): string | number | undefined;
}

const always: readonly VerdictColumn[] = [
  { name: 'label', value: (verdict) => verdict.label },
  { name: 'confidence', value: (verdict) => roundTo4Decimals(verdict.confidence) },
  { name: 'method', value: (verdict) => verdict.method },
];

const explaining: readonly VerdictColumn[] = [{ name: 'rule', value: (verdict) => verdict.rule }];

/**
 * The columns that we add, in order. One that the input has already, in whatever case, is the input's: ours is then
 * `logiq_label`, or `logiq_label_2` where that is taken too, so that no name stands for two columns and labelling a
 * labelled file again loses nothing.
 */
export function verdictColumns(
  { explain = false, file }: Pick<WriterOptions, 'explain' | 'file'>,
  inputColumns: readonly string[],
): readonly VerdictColumn[] {
  const inFile = file === undefined ? [] : [{ name: 'file', value: () => file }];
  const taken = new Set(inputColumns.map(folded));
  return [...always, ...(explain ? explaining : []), ...inFile].map((column) => ({
    ...column,
    name: freeName(column.name, taken),
  }));
}

/** Name of the column with the number of a row's event, as `verdictColumns` names the others. */
export function eventColumn(inputColumns: readonly string[]): string {
  return freeName('event', new Set(inputColumns.map(folded)));
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const ours = `logiq_${name}`;
  let free = ours;
  for (let count = 2; taken.has(free); count += 1) free = `${ours}_${count}`;
  return free;
}

/** Spreadsheets and databases tell names apart by neither case nor outer blanks. */
function folded(name: string): string {
  return name.trim().toLowerCase();
}

function roundTo4Decimals(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
