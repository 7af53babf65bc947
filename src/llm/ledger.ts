import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { field, parseJson } from './json.ts';

/** Money spent, as a file that is true at every moment: a line before each call and one after it. */
export interface Ledger {
  /** Dollars spent before this run. A call that was sent and never settled counts as it was reserved. */
  readonly spentUsd: number;
  /** Calls made before this run. */
  readonly calls: number;
  reserve(worstUsd: number): { settle(costUsd: number): void };
}

interface Line {
  readonly id: string;
  readonly reserved?: number;
  readonly cost?: number;
}

/**
 * Appended to without a buffer, so that a killed process leaves at most its last line half written; such a line is
 * skipped on reading, and its call counts as reserved.
 *
 * @param run Names this run's calls; unique among the runs that share the file.
 */
export function openLedger(path: string, run: string): Ledger {
  mkdirSync(dirname(path), { recursive: true });
  const text = readIfThere(path);
  const costs = new Map<string, number>();
  for (const { id, reserved, cost } of parseLines(text)) {
    const usd = cost ?? reserved;
    if (usd !== undefined) costs.set(id, usd);
  }
  let written = 0;
  const append = (line: Line): void => {
    // a killed run's half line must not swallow the next one
    const lead = written++ === 0 && text !== '' && !text.endsWith('\n') ? '\n' : '';
    appendFileSync(path, `${lead}${JSON.stringify(line)}\n`, { mode: 0o600 });
  };
  let calls = 0;
  return {
    spentUsd: [...costs.values()].reduce((sum, usd) => sum + usd, 0),
    calls: costs.size,
    reserve(reserved) {
      const id = `${run}:${++calls}`;
      append({ id, reserved });
      return { settle: (cost) => append({ id, cost }) };
    },
  };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function* parseLines(text: string): Generator<Line> {
  for (const line of text.split('\n')) {
    const value = parseJson(line);
    const [id, reserved, cost] = [field(value, 'id'), field(value, 'reserved'), field(value, 'cost')];
    if (typeof id === 'string') yield { id, ...(isUsd(reserved) && { reserved }), ...(isUsd(cost) && { cost }) };
  }
}

function isUsd(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}
