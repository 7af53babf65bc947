import { expect, test } from 'vitest';
import { adviceOn } from '../../src/report/advice.ts';
import type { RunReport } from '../../src/report/run-report.ts';

function report(rows: number, nul: number): RunReport {
  const damage = nul === 0 ? {} : { nul: { count: nul, firstRow: 1, firstLine: 1 } };
  return { rows, inputs: [{ file: 'a', format: 'lines', damage }] } as unknown as RunReport;
}

test.each([
  ['no rows', report(0, 0), 'no rows'],
  ['a binary file', report(4, 3), 'binary file'],
  ['a file of random bytes', report(68, 33), 'binary file'],
])('%s is answered with what to do next', (_, of, words) => {
  expect(adviceOn(of)).toHaveLength(1);
  expect(adviceOn(of)[0]).toContain(words);
});

test('a run that was interrupted before its first row is not taken for one without rows', () => {
  expect(adviceOn({ ...report(0, 0), interrupted: true })).toEqual([]);
});

test('a log with the odd NUL is a log', () => {
  expect(adviceOn(report(100, 2))).toEqual([]);
});
