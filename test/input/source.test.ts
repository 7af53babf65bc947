import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSource } from '../../src/input/source.ts';
import type { Io } from '../../src/types.ts';
import { chunked } from './read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logiq-source-'));
  await writeFile(join(folder, 'app.log'), 'one\ntwo\n');
  await mkdir(join(folder, 'logs'));
});
afterAll(() => rm(folder, { recursive: true }));

function io(stdin: AsyncIterable<Uint8Array> = chunked()): Pick<Io, 'stdin' | 'cwd' | 'signal'> {
  return { stdin, cwd: folder, signal: new AbortController().signal };
}

async function read(path: string, from = io()): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openSource(path, from)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a file is read relative to the working folder, - is standard input', async () => {
  expect(await read('app.log')).toBe('one\ntwo\n');
  expect(await read('-', io(chunked('a', 'b')))).toBe('ab');
});

test('a missing file suggests its neighbour', async () => {
  await expect(read('ap.log')).rejects.toMatchObject({
    code: 'E_INPUT_MISSING',
    message: 'There is no file "ap.log".',
    hint: 'Did you mean "app.log"?',
  });
  await expect(read('app.log/x')).rejects.toMatchObject({ code: 'E_INPUT_MISSING' });
  await expect(read('nowhere/app.log')).rejects.toMatchObject({ hint: 'There is no folder "nowhere" either.' });
});

test('a folder is no input', async () => {
  await expect(read('logs')).rejects.toMatchObject({ code: 'E_INPUT_UNREADABLE', message: '"logs" is a folder.' });
});

test.skipIf(process.getuid?.() === 0)('a file without permission is told apart from a missing one', async () => {
  const path = join(folder, 'secret.log');
  await writeFile(path, 'x');
  await chmod(path, 0);
  await expect(read('secret.log')).rejects.toMatchObject({ code: 'E_INPUT_UNREADABLE' });
});

test('a read error midway is named', async () => {
  await expect(read('-', io(failing()))).rejects.toMatchObject({
    code: 'E_INPUT_READ',
    message: 'Standard input cannot be read: EIO: i/o error, read.',
  });
});

async function* failing(): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from('one\n');
  throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
}
