import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { ended, readyAddress, start, times, type Program } from '../helpers/program.ts';

/**
 * A server that more is asked of than it takes. Its health is asked for by a third process, which only does that; how long
 * the answers take is measured by `test/bench/serve-health.js`.
 */
const prober = fileURLToPath(new URL('../bench/probe-health.js', import.meta.url));
const UPLOADS = times(1000, 200);
const ROWS = 200;
const MAX_RESIDENT_MB = 500;

let program: Program | undefined;
afterEach(() => program?.kill('SIGKILL'));

test.runIf(process.platform === 'linux').each([
  ['by rules alone', ['--embedder', 'none']],
  ['with the model', []],
])(
  `of ${UPLOADS} uploads at once some are taken and the others told when to come again (%s)`,
  { timeout: 600_000 },
  async (_name, args) => {
    const url = await listen(args);
    const health = probe(url);
    const answers = await Promise.all(Array.from({ length: UPLOADS }, (_, n) => upload(url, formOf(n))));
    const { failed } = await health.end();

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
    for (const { status, retryAfter, rows } of answers) {
      if (status === 200) expect(rows).toBe(ROWS + 1);
      else expect(retryAfter).toBe('5');
    }
    expect(peakMb(program)).toBeLessThan(MAX_RESIDENT_MB);
    expect(failed).toBe(0);
  },
);

async function listen(args: readonly string[]): Promise<string> {
  program = start(['serve', '--port', '0', '--rate-limit', '0', '--log-level', 'silent', ...args]);
  return readyAddress(program);
}

function probe(url: string): { end(): Promise<{ failed: number }> } {
  const child = spawn(process.execPath, [prober, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  return {
    async end() {
      child.stdin.end();
      return JSON.parse(await text(child.stdout)) as { failed: number };
    },
  };
}

/** A form whose rows have templates that no other form has. */
function formOf(form: number): string {
  const letters = (n: number): string => String(n).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  const rows = Array.from({ length: ROWS }, (_, row) => `could not ${letters(row)} the ${letters(form)} in time\n`);
  return `--x\r\nContent-Disposition: form-data; name="file"; filename="a.log"\r\n\r\n${rows.join('')}\r\n--x--\r\n`;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly rows: number;
}

function upload(url: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': Buffer.byteLength(body) };
    const path = '/classify-file?format=csv&multiline=off';
    const sent = request(`${url}${path}`, { method: 'POST', agent: false, headers });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const { statusCode: status = 0, headers: got } = response;
      text(response).then(
        (answer) => resolve({ status, retryAfter: got['retry-after'], rows: answer.trim().split('\n').length }),
        reject,
      );
    });
    sent.end(body);
  });
}

function peakMb(served: Program | undefined): number {
  const status = readFileSync(`/proc/${served?.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

test('stopped in the middle of a burst it still ends, by the signal', { timeout: 120_000 }, async () => {
  const url = await listen(['--embedder', 'none']);
  const answers = Promise.allSettled(Array.from({ length: 100 }, (_, n) => upload(url, formOf(n))));
  const end = ended(program!);
  program!.kill('SIGTERM');
  expect(await end).toEqual({ code: null, signal: 'SIGTERM' });
  await answers;
});
