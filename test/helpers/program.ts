import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, openSync, writeSync, closeSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));

/** The environment of a run: nothing of ours but the way to node. */
export const env = { PATH: process.env['PATH'] ?? '', HOME: mkdtempSync(join(tmpdir(), 'logiq-home-')) };

/** Many in the long tests, a few otherwise. */
export function times(long: number, short: number): number {
  return process.env['LOGIQ_LONG_TESTS'] === '1' ? long : short;
}

export type Program = ChildProcessByStdio<Writable, Readable, Readable>;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export function start(args: readonly string[], more: Readonly<Record<string, string>> = {}, cwd?: string): Program {
  return spawn(process.execPath, [logiq, ...args], { cwd, env: { ...env, ...more }, stdio: ['pipe', 'pipe', 'pipe'] });
}

export function ended(program: Program): Promise<Ended> {
  return new Promise((resolve) => program.once('close', (code, signal) => resolve({ code, signal })));
}

/** Waits until `logiq serve` is ready. @returns Its address. */
export async function readyAddress({ stderr }: { readonly stderr: Readable }): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    stderr.resume();
    await expect.poll(() => fetch(`${url}/readyz`).then(({ status }) => status), { timeout: 60_000 }).toBe(200);
    return url;
  }
  throw new Error('The server did not start.');
}

/** Runs to the end. */
export async function run(
  args: readonly string[],
  input = '',
  more: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<Ended & { readonly stdout: string; readonly stderr: string }> {
  const program = start(args, more, cwd);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  program.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  program.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  program.stdin.on('error', () => {});
  program.stdin.end(input);
  const end = await ended(program);
  return { ...end, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)) };
}

export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'logiq-reliability-'));
}

/** A log of about so many bytes: varied lines, traces and blank lines among them. */
export function writeLog(path: string, bytes: number): void {
  const file = openSync(path, 'w');
  let written = 0;
  for (let row = 0; written < bytes;) {
    let block = '';
    for (const end = row + 2000; row < end; row++) {
      if (row % 90 === 7)
        block += `ERROR job ${row} failed\njava.io.IOException: disk ${row % 11}\n\tat a.B.c(B.java:${row % 40})\n`;
      else if (row % 90 === 8) block += '\n';
      else block += `${row} service-${row % 7} handled request ${row * 31} of user ${row % 1013} in ${row % 97} ms\n`;
    }
    written += writeSync(file, block);
  }
  closeSync(file);
}

/** Resident memory of a running program, in MB; Linux only. */
export function residentMb({ pid }: Program): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}
