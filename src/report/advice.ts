import type { RunReport } from './run-report.ts';

/**
 * Share of rows with a NUL byte from which an input is taken for no log: logs have the odd one, compressed bytes have one
 * in about every other row.
 */
const BINARY_SHARE = 0.25;

/** What to do next where a run went well and yet is not what somebody wanted. */
export function adviceOn({ rows, inputs, interrupted }: RunReport): readonly string[] {
  if (interrupted) return [];
  if (rows === 0) return ['Nothing was there to label: the input has no rows. Is it the right file, or rotated away?'];
  const nul = inputs.reduce((sum, { damage }) => sum + (damage['nul']?.count ?? 0), 0);
  if (nul < rows * BINARY_SHARE) return [];
  return ['This looks like a binary file, not a log. Name a text file, or pipe in what shows it: journalctl | logiq'];
}
