import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { ended, folder, run, start, times, writeLog, type Program } from '../helpers/program.ts';

const cwd = folder();
const log = join(cwd, 'in.log');
const options = ['--quiet', '--embedder', 'none', '--explain'];
const KILLS = times(200, 6);

beforeAll(() => writeLog(log, times(60e6, 20e6)));

/** Waits until the run writes: its checkpoint is there from then on. */
async function begun(program: Program, output: string): Promise<void> {
  while (!existsSync(`${output}.checkpoint`) && program.exitCode === null) await sleep(5);
}

function checkpointRows(output: string): number {
  const checkpoint = `${output}.checkpoint`;
  return existsSync(checkpoint) ? (JSON.parse(readFileSync(checkpoint, 'utf8')) as { rows: number }).rows : 0;
}

/** Kills a run at a random moment of its life until `kills` are spent, then lets it end. */
async function killedRun(input: string, output: string, kills: number, lifeMs: number, signal: NodeJS.Signals) {
  let resumed = 0;
  for (let kill = 0; kill < kills; kill++) {
    const program = start([input, '-o', output, '--resume', ...options]);
    const timer = setTimeout(() => program.kill(signal), 60 + Math.random() * lifeMs);
    const { code } = await ended(program);
    clearTimeout(timer);
    if (code === 0) return resumed;
    if (checkpointRows(output) > 0) resumed++;
  }
  expect(await run([input, '-o', output, '--resume', ...options])).toMatchObject({ code: 0, stderr: '' });
  return resumed;
}

test(`after kill -9 at ${KILLS} random points the output is byte-identical`, { timeout: 3_600_000 }, async () => {
  const began = Date.now();
  const whole = join(cwd, 'whole.csv');
  await run([log, '-o', whole, ...options]);
  const lifeMs = Date.now() - began;
  for (let spent = 0; spent < KILLS; spent += 3) {
    const output = join(cwd, `killed-${spent}.csv`);
    await killedRun(log, output, 3, lifeMs, 'SIGKILL');
    expect(readFileSync(output).equals(readFileSync(whole))).toBe(true);
    expect(readdirSync(cwd).filter((name) => name.startsWith(`killed-${spent}.csv.`))).toEqual([]);
  }
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s leaves a checkpoint, and a resumed run is whole',
  { timeout: 300_000 },
  async (signal) => {
    const output = join(cwd, `${signal}.csv`);
    const program = start([log, '-o', output, '--resume', ...options]);
    await begun(program, output);
    program.kill(signal);
    expect(await ended(program)).toEqual({ code: null, signal });
    expect(existsSync(output)).toBe(false);
    expect(JSON.parse(readFileSync(`${output}.checkpoint`, 'utf8'))).toMatchObject({ version: 1 });
    const resumed = await run([log, '-o', output, '--resume', ...options]);
    expect(resumed.code).toBe(0);
    const whole = await run([log, ...options, '--csv-safe']);
    expect(readFileSync(output, 'utf8') === whole.stdout).toBe(true);
  },
);

test('a compressed input is resumed as well', { timeout: 300_000 }, async () => {
  const input = join(cwd, 'in.log.gz');
  writeFileSync(input, gzipSync(readFileSync(log)));
  const output = join(cwd, 'gz.csv');
  const program = start([input, '-o', output, '--resume', ...options]);
  await begun(program, output);
  program.kill('SIGTERM');
  await ended(program);
  await run([input, '-o', output, '--resume', ...options]);
  expect(readFileSync(output, 'utf8') === (await run([log, ...options, '--csv-safe'])).stdout).toBe(true);
});

test('a changed input and changed settings are refused, exit 2', { timeout: 300_000 }, async () => {
  const input = join(cwd, 'changed.log');
  writeFileSync(input, readFileSync(log));
  const output = join(cwd, 'changed.csv');
  const program = start([input, '-o', output, '--resume', ...options]);
  await begun(program, output);
  program.kill('SIGTERM');
  await ended(program);
  const other = await run([input, '-o', output, '--resume', ...options, '--multiline', 'off']);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('multiline was not set and is off') });
  writeFileSync(input, 'one more line\n', { flag: 'a' });
  const changed = await run([input, '-o', output, '--resume', ...options]);
  expect(changed).toMatchObject({ code: 2, stderr: expect.stringContaining('is of another input: bytes was') });
});
