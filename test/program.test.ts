import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** The program as the shell sees it: signals, pipes, full disks. Behaviour inside the process is tested elsewhere. */
const logiq = fileURLToPath(new URL('../bin/logiq.js', import.meta.url));
const env = { PATH: process.env['PATH'], HOME: mkdtempSync(join(tmpdir(), 'logiq-home-')) };

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [logiq, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
}

function bigLog(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'logiq-program-')), 'big.log');
  writeFileSync(file, 'systemd[1]: Started Session 12 of user deploy.\nsomething odd happened again\n'.repeat(100_000));
  return file;
}

test.each([
  ['--embedder', 'none'],
  ['--embedder', 'logs-MiniLM-L3'],
])('| head -1 is no error (%s %s)', (...args) => {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `set -o pipefail; "$0" "$1" "$2" -q ${args.join(' ')} | head -1`, process.execPath, logiq, bigLog()],
    { env, encoding: 'utf8' },
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: 'line,message,label,confidence,method\n',
    stderr: '',
  });
});

test.each([['SIGINT'], ['SIGTERM']] as const)(
  '%s while the model runs: rows so far are whole, the signal is the end',
  async (signal) => {
    const child = start([bigLog(), '--quiet']);
    const rows = text(child.stdout!);
    child.stdout!.once('data', () => child.kill(signal));
    expect(await ended(child)).toEqual({ code: null, signal });
    expect((await rows).endsWith('\n')).toBe(true);
  },
);

test('SIGINT leaves neither output nor temporary file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'logiq-out-'));
  const child = start(['--quiet', '-o', join(folder, 'out.csv')]);
  child.stdin!.write('one line\n');
  setTimeout(() => child.kill('SIGINT'), 700);
  expect((await ended(child)).signal).toBe('SIGINT');
  expect(readdirSync(folder)).toEqual([]);
});

test('a row is out while its pipe stays open', async () => {
  const child = start(['--quiet', '--embedder', 'none']);
  child.stdin!.write('systemd[1]: Started Session 12 of user deploy.\n');
  const lines: string[] = [];
  for await (const chunk of child.stdout!) {
    lines.push(...String(chunk).trim().split('\n'));
    if (lines.length >= 2) break;
  }
  child.stdin!.end();
  expect(lines[1]).toBe('1,systemd[1]: Started Session 12 of user deploy.,user_activity,1,regex');
});

test('a full disk ends with exit 74 and says so', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [logiq, '--quiet', '--embedder', 'none'], {
    env,
    input: 'x\n',
    stdio: ['pipe', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(status).toBe(74);
  expect(stderr).toContain('the disk is full');
});

test('-o writes what stdout would have been given', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'logiq-out-')), 'out.csv');
  const options = { env, input: 'hello world\n' };
  spawnSync(process.execPath, [logiq, '--quiet', '-o', file], options);
  expect(readFileSync(file, 'utf8')).toBe(String(spawnSync(process.execPath, [logiq, '--quiet'], options).stdout));
});
