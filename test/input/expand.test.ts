import { chmod, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { expandInputs } from '../../src/input/expand.ts';

let cwd = '';
const stdin = { async *[Symbol.asyncIterator]() {} };
const { signal } = new AbortController();
const expand = (...words: string[]) => expandInputs(words, { cwd, stdin, signal });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'logiq-expand-'));
  for (const name of ['logs/b.log', 'logs/a.log', 'logs/sub/c.log.gz', 'logs/.hidden', 'logs/.git/x', 'we[ird].log']) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), 'x\n');
  }
  await mkdir(join(cwd, 'empty'));
  await symlink('..', join(cwd, 'logs/loop'));
});

test('a folder is all files in it and below, sorted, without hidden ones and without walking in circles', async () => {
  expect(await expand('logs')).toEqual({
    isMany: true,
    binary: [],
    files: [
      { path: 'logs/a.log', name: 'a.log', bytes: 2 },
      { path: 'logs/b.log', name: 'b.log', bytes: 2 },
      { path: 'logs/sub/c.log.gz', name: 'sub/c.log.gz', bytes: 2 },
    ],
  });
});

test('a pattern is the files it matches', async () => {
  const { files, isMany } = await expand('logs/**/*.{log,gz}');
  expect(files.map(({ path }) => path)).toEqual(['logs/a.log', 'logs/b.log', 'logs/sub/c.log.gz']);
  expect(isMany).toBe(true);
  expect((await expand('logs/b*')).isMany).toBe(true);
});

test('a file that is named like a pattern is itself', async () => {
  expect((await expand('we[ird].log')).files.map(({ path }) => path)).toEqual(['we[ird].log']);
});

test('a file comes once, whatever names it', async () => {
  expect((await expand('logs/b.log', 'logs')).files.map(({ path }) => path)).toEqual([
    'logs/b.log',
    'logs/a.log',
    'logs/sub/c.log.gz',
  ]);
});

test('one file is not many, and one that does not exist is the reader to report', async () => {
  expect(await expand('nope.log')).toEqual({
    isMany: false,
    binary: [],
    files: [{ path: 'nope.log', name: 'nope.log', bytes: undefined }],
  });
  expect(await expand('-')).toEqual({ isMany: false, binary: [], files: [{ path: '-', name: '-', bytes: undefined }] });
});

test('nothing to read is an error', async () => {
  await expect(expand('*.txt')).rejects.toMatchObject({ code: 'E_INPUT_MISSING' });
  await expect(expand('empty')).rejects.toMatchObject({ code: 'E_INPUT_UNREADABLE' });
});

test('binary files of folders and patterns are left out, one that is named is not', async () => {
  const elf = Buffer.concat([
    Buffer.from('\x7fELF\x02\x01\x01'),
    Buffer.alloc(9),
    Buffer.from('\x02\0>\0\x01', 'latin1'),
  ]);
  await write('mixed/a.log', 'one\n');
  await write('mixed/core', elf);
  await write('mixed/old.tar.gz', gzipSync(elf));
  await write('mixed/older.xz', '\u00fd7zXZ\0rest');
  const left = ['mixed/core', 'mixed/old.tar.gz', 'mixed/older.xz'];
  const paths = async (...words: string[]) => (await expand(...words)).files.map(({ path }) => path);

  expect(await expand('mixed')).toMatchObject({ files: [{ path: 'mixed/a.log' }], isMany: true, binary: left });
  expect(await expand('mixed/*')).toMatchObject({ files: [{ path: 'mixed/a.log' }], binary: left });
  expect(await paths('mixed/core')).toEqual(['mixed/core']);
  expect(await paths('mixed/core', 'mixed')).toEqual(['mixed/core', 'mixed/a.log']);
  expect(await expand('mixed', 'mixed/core')).toMatchObject({ binary: left.slice(1) });
  expect(await paths('mixed', 'mixed/core')).toEqual(['mixed/a.log', 'mixed/core']);
  await expect(expand('mixed/c*')).rejects.toMatchObject({ code: 'E_INPUT_UNREADABLE' });
});

test('many files are looked into without a warning of leaking listeners', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): number => warnings.push(warning);
  process.on('warning', note);
  for (let file = 0; file < 60; file++) await write(`sixty/${file}.log`, 'one\n');
  await expand('sixty');
  await new Promise(setImmediate);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('a folder that may not be read is told', { skip: process.getuid?.() === 0 }, async () => {
  await write('locked/sub/a.log', 'one\n');
  await chmod(join(cwd, 'locked/sub'), 0);
  await expect(expand('locked')).rejects.toMatchObject({
    code: 'E_INPUT_UNREADABLE',
    message: '"locked/sub" cannot be read: permission denied.',
  });
});

async function write(name: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(cwd, name)), { recursive: true });
  await writeFile(join(cwd, name), typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
}
