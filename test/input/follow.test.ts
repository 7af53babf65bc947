import { appendFile, mkdtemp, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followFile } from '../../src/input/follow.ts';

let cwd = '';
let file = '';
let stop = new AbortController();
let text = '';
let reading: Promise<void> = Promise.resolve();

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'logiq-follow-'));
  file = join(cwd, 'app.log');
  stop = new AbortController();
  text = '';
});

afterEach(async () => {
  stop.abort();
  await reading;
  await rm(cwd, { recursive: true });
});

function follow(): void {
  reading = (async () => {
    for await (const chunk of followFile('app.log', { cwd, signal: stop.signal })) text += chunk.toString();
  })();
}

/** Waits until that is what was read. */
async function seen(expected: string): Promise<void> {
  await expect.poll(() => text, { timeout: 10_000, interval: 10 }).toBe(expected);
}

test('reads a file from its beginning, and on as it grows', async () => {
  await writeFile(file, 'one\n');
  follow();
  await seen('one\n');
  await appendFile(file, 'two\nthr');
  await seen('one\ntwo\nthr');
  await appendFile(file, 'ee\n');
  await seen('one\ntwo\nthree\n');
});

test('waits for a file that does not exist yet', async () => {
  follow();
  await writeFile(file, 'one\n');
  await seen('one\n');
});

test('rotation: the old file is read to its end, then the new one from its beginning', async () => {
  await writeFile(file, 'one\n');
  follow();
  await seen('one\n');
  await appendFile(file, 'two\n');
  await rename(file, `${file}.1`);
  await appendFile(`${file}.1`, 'three\n'); // whoever writes holds on to the old file
  await writeFile(file, 'four\n');
  await seen('one\ntwo\nthree\nfour\n');
});

test('rotation ends a line that was not ended', async () => {
  await writeFile(file, 'one');
  follow();
  await seen('one');
  await rename(file, `${file}.1`);
  await writeFile(file, 'two\n');
  await seen('one\ntwo\n');
});

test('a file that was emptied is read from its beginning', async () => {
  await writeFile(file, 'one\ntwo\n');
  follow();
  await seen('one\ntwo\n');
  await truncate(file, 0);
  await appendFile(file, 'new\n');
  await seen('one\ntwo\nnew\n');
});

test('also one that has grown past where we were', async () => {
  await writeFile(file, 'one\n');
  follow();
  await seen('one\n');
  await writeFile(file, 'other and longer\n');
  await seen('one\nother and longer\n');
});

test('a file that was removed and created anew is read', async () => {
  await writeFile(file, 'one\n');
  follow();
  await seen('one\n');
  await unlink(file);
  await writeFile(file, 'two\n');
  await seen('one\ntwo\n');
});

test('an abort ends it, also while it waits', async () => {
  follow();
  stop.abort();
  await reading;
  expect(text).toBe('');
});
