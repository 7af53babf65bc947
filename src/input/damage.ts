import type { DamageKind } from '../types.ts';

/** Everything that is counted: what flags a row, and blank lines, which are not damage and flag none. */
export type DamageCountKind = DamageKind | 'blank-line';

export interface DamageCount {
  /** Rows; for `invalid-utf8` replaced sequences. */
  readonly count: number;
  /** Row (from 1, a header is not a row) where it was first seen; for blank lines of a table the row before them. */
  readonly firstRow: number;
  /** Physical line (from 1, the header is a line) of that row. */
  readonly firstLine: number;
}

/** Counts by kind; a kind that never occurred is absent. */
export type DamageCounts = Readonly<Partial<Record<DamageCountKind, DamageCount>>>;

/** Counts `times` more of `kind` and keeps where the first one was. */
export function countDamage(
  counts: Partial<Record<DamageCountKind, DamageCount>>,
  kind: DamageCountKind,
  row: number,
  line: number,
  times = 1,
): void {
  const before = counts[kind];
  counts[kind] = before ? { ...before, count: before.count + times } : { count: times, firstRow: row, firstLine: line };
}
