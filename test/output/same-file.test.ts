import { linkSync, mkdtempSync, openSync, closeSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, expect, test } from 'vitest';
import { refuseSameFile } from '../../src/output/same-file.ts';
import { toTarget, type Target } from '../../src/output/target.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logiq-same-'));
  writeFileSync(join(folder, 'app.log'), 'x\n');
  symlinkSync('app.log', join(folder, 'link'));
  linkSync(join(folder, 'app.log'), join(folder, 'hard'));
  writeFileSync(join(folder, 'other.log'), 'x\n');
  return () => rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const file = (name: string): Target => ({ kind: 'file', path: at(name) });

test.each(['app.log', 'link', 'hard', './app.log'])('the input app.log as the output %s is refused', async (name) => {
  await expect(refuseSameFile([at('other.log'), at('app.log')], file(name))).rejects.toMatchObject({
    code: 'E_OUTPUT_SAME_FILE',
    exitCode: 2,
    message: `The output is the same file as the input ${at('app.log')}.`,
  });
});

test.each(['other.log', 'new.log'])('the output %s is fine', async (name) => {
  await refuseSameFile([at('app.log'), at('missing.log')], file(name));
});

test('standard output that leads to the input is refused, and standard input that is the output', async () => {
  const fd = openSync(at('app.log'), 'a+');
  try {
    const stream = Object.assign(new PassThrough(), { fd });
    const redirected: Target = { kind: 'stream', name: 'standard output', stream };
    await expect(refuseSameFile([at('link')], redirected)).rejects.toThrow('same file');
    await expect(refuseSameFile([fd], file('app.log'))).rejects.toThrow('the input standard input');
    await refuseSameFile([at('other.log')], redirected);
  } finally {
    closeSync(fd);
  }
});

test('a device may be both', async () => {
  await refuseSameFile(['/dev/null'], { kind: 'file', path: '/dev/null' });
});

test('a stream that is no file is fine', async () => {
  await refuseSameFile([at('app.log')], { kind: 'stream', name: 'standard output', stream: new PassThrough() });
});

test('names of standard output mean the stream, others a file', () => {
  const io = { stdout: new PassThrough(), stderr: new PassThrough(), cwd: '/tmp/x' };
  for (const name of [undefined, '-', '/dev/stdout', '/dev/fd/1']) {
    expect(toTarget(name, io)).toEqual({ kind: 'stream', name: 'standard output', stream: io.stdout });
  }
  expect(toTarget('/dev/stderr', io)).toMatchObject({ name: 'standard error' });
  expect(toTarget('a/b.csv', io)).toEqual({ kind: 'file', path: '/tmp/x/a/b.csv' });
});
