import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { ended, folder, start, times, writeLog } from '../helpers/program.ts';

const log = join(folder(), 'in.log');
const POINTS = times(50, 5);

beforeAll(() => writeLog(log, 30e6));

test.each(['SIGINT', 'SIGTERM'] as const)(
  `%s at ${POINTS} points of inference: the signal is the end and rows so far are whole`,
  { timeout: 600_000 },
  async (signal) => {
    const header = 'line,message,label,confidence,method\n';
    for (let point = 0; point < POINTS; point++) {
      const program = start([log, '--quiet']);
      const rows = text(program.stdout);
      await sleep(150 + point * (1500 / POINTS));
      program.kill(signal);
      expect(await ended(program)).toEqual({ code: null, signal });
      const got = await rows;
      expect(got === '' || (got.startsWith(header) && got.endsWith('\n'))).toBe(true);
    }
  },
);

test('a second signal ends a program that drains, at once', async () => {
  const program = start([log, '--quiet']);
  await sleep(500);
  program.kill('SIGINT');
  program.kill('SIGTERM');
  const began = Date.now();
  const { signal } = await ended(program);
  expect(['SIGINT', 'SIGTERM']).toContain(signal);
  expect(Date.now() - began).toBeLessThan(2000);
});
