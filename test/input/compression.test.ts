import { Buffer } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openSource } from '../../src/input/source.ts';
import { createRandom } from './random.ts';
import { chunked, every, readAll } from './read.ts';

const random = createRandom(3);
const lines = Array.from({ length: 20_000 }, (_, index) => `${index} ${random.int(1e9)} request served`);
const log = `${lines.join('\n')}\n`;

test('gzip is told by its bytes, whatever the chunks', async () => {
  const { raws, reason, damage } = await readAll(every(1000, gzipSync(log)));
  expect(raws).toEqual(lines);
  expect(reason).toBe('lines (one message a line, gzip)');
  expect(damage).toEqual({});
  expect((await readAll(every(1, gzipSync('id,message\n1,a\n')))).raws).toEqual(['1,a']);
});

test('gzip members that follow each other are one input', async () => {
  const { raws } = await readAll(Buffer.concat([gzipSync('one\ntw'), gzipSync('o\n'), gzipSync('three')]));
  expect(raws).toEqual(['one', 'two', 'three']);
});

test('a cut gzip gives what could be read, and the last row is flagged', async () => {
  const whole = gzipSync(log);
  const { raws, damaged, damage } = await readAll(every(65_536, whole.subarray(0, whole.length - 5000)));
  expect(raws.length).toBeGreaterThan(15_000);
  expect(raws.slice(0, -1)).toEqual(lines.slice(0, raws.length - 1));
  expect(damaged.get(raws.length)).toBe('truncated');
  expect(damage.truncated).toEqual({ count: 1, firstRow: raws.length, firstLine: raws.length });
});

test('damaged gzip gives what comes before the damage', async () => {
  const bytes = gzipSync(log);
  bytes.fill(0xff, 150_000, 150_100);
  const { raws, damage } = await readAll(bytes);
  expect(raws.length).toBeGreaterThan(5000);
  expect(raws.slice(0, 5000)).toEqual(lines.slice(0, 5000));
  expect(damage.truncated?.count).toBe(1);
});

test('brotli is told by the name of the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'logiq-br-'));
  await writeFile(join(folder, 'app.log.br'), brotliCompressSync(log));
  const io = { stdin: chunked(), cwd: folder, signal: new AbortController().signal };
  const { raws, reason } = await readAll(openSource('app.log.br', io));
  await rm(folder, { recursive: true });
  expect(raws).toEqual(lines);
  expect(reason).toBe('lines (one message a line, brotli)');
});

test('what is compressed in another way is refused with the way out', async () => {
  await expect(readAll(Buffer.from('\u00fd7zXZ\0\0\0', 'latin1'))).rejects.toMatchObject({
    code: 'E_INPUT_UNREADABLE',
    hint: 'Pipe it in: xz -dc FILE | logiq',
  });
  await expect(readAll(Buffer.from('BZh91AY&SY', 'latin1'))).rejects.toMatchObject({ code: 'E_INPUT_UNREADABLE' });
});

test.runIf(process.env['LOGIQ_LONG_TESTS'] !== undefined)('a decompression bomb is stopped', async () => {
  const block = Buffer.alloc(1 << 20, 'A');
  const bomb = Readable.from(Array.from({ length: 4096 }, () => block)).pipe(createGzip());
  await expect(readAll(bomb)).rejects.toMatchObject({ code: 'E_INPUT_DAMAGED' });
});
