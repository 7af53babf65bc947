import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { groupEvents } from '../../src/events/group-events.ts';
import { openInput } from '../../src/input/index.ts';
import { folder, run, times, writeLog } from '../helpers/program.ts';

const log = join(folder(), 'in.log');

beforeAll(() => writeLog(log, times(20e6, 1e6)));

test('threads, a file and a pipe give the same rows in the same order', { timeout: 300_000 }, async () => {
  const one = await run([log, '--quiet', '--threads', '1']);
  const two = await run([log, '--quiet', '--threads', '2']);
  const piped = await run(['--quiet'], readFileSync(log, 'utf8'));
  expect(one.stdout.length).toBeGreaterThan(100_000);
  expect(two.stdout === one.stdout).toBe(true);
  expect(piped.stdout === one.stdout).toBe(true);
  const rows = one.stdout.matchAll(/^(\d+),/gm);
  let row = 0;
  for (const [, number] of rows) expect(Number(number)).toBe(++row);
});

test.each([1, 8, 32, 64, 1024])('batches of %i rows give the same texts', async (batchRows) => {
  const texts = async (rows: number): Promise<string[]> => {
    const input = await openInput(createReadStream(log), { format: 'lines', batchRows: rows });
    const all: string[] = [];
    for await (const batch of groupEvents(input.batches)) all.push(...batch.texts);
    return all;
  };
  expect(await texts(batchRows)).toEqual(await texts(500));
});
