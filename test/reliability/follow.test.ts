import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ended, folder, run, start, type Program } from '../helpers/program.ts';

const options = ['--quiet', '--embedder', 'none', '--format', 'raw'];

/** Rows as they come out. */
function rowsOf(program: Program): () => string[] {
  let text = '';
  program.stdout.on('data', (chunk: Buffer) => (text += String(chunk)));
  return () => text.split('\n').slice(0, -1);
}

const line = (row: string): string => `Unclassified\t${row}`;

test('a followed file may be rotated and emptied, and SIGINT ends it', async () => {
  const file = join(folder(), 'app.log');
  writeFileSync(file, 'one\n');
  const program = start(['-f', file, ...options]);
  const rows = rowsOf(program);
  const seen = (...expected: string[]) =>
    expect.poll(rows, { timeout: 10_000, interval: 10 }).toEqual(expected.map(line));
  await seen('one');
  appendFileSync(file, 'two\n');
  await seen('one', 'two');
  renameSync(file, `${file}.1`);
  writeFileSync(file, 'three\n');
  await seen('one', 'two', 'three');
  truncateSync(file, 0);
  appendFileSync(file, '4\n');
  await seen('one', 'two', 'three', '4');
  program.kill('SIGINT');
  expect(await ended(program)).toEqual({ code: null, signal: 'SIGINT' });
});

test('on a pipe a row is out though more of its event may follow, and has what followed', async () => {
  const program = start(options);
  const rows = rowsOf(program);
  program.stdin.write('ERROR failed\n');
  await expect.poll(rows, { timeout: 10_000, interval: 10 }).toEqual([line('ERROR failed')]);
  program.stdin.write('\tat a.B.c(B.java:1)\nplain');
  await expect.poll(() => rows().length, { timeout: 10_000, interval: 10 }).toBe(2);
  program.stdin.end();
  expect(await ended(program)).toEqual({ code: 0, signal: null });
  expect(rows()).toEqual(['ERROR failed', '\tat a.B.c(B.java:1)', 'plain'].map(line));
});

test('a file that was removed for good is waited for', async () => {
  const file = join(folder(), 'none.log');
  const program = start(['-f', file, ...options]);
  const rows = rowsOf(program);
  setTimeout(() => writeFileSync(file, 'late\n'), 500);
  await expect.poll(rows, { timeout: 10_000, interval: 10 }).toEqual([line('late')]);
  program.kill('SIGTERM');
  expect((await ended(program)).signal).toBe('SIGTERM');
});

test('a folder cannot be followed', async () => {
  const name = folder();
  writeFileSync(join(name, 'app.log'), 'one\n');
  expect((await run(['-f', name, ...options])).code).toBe(2);
});
