import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { folder, run, times } from '../helpers/program.ts';

/** What a terminal obeys, and what directs a reader's eye. */
const ALL = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).filter((c) => c !== '\n' && c !== '\t'),
  ...Array.from({ length: 0x21 }, (_, code) => String.fromCharCode(0x7f + code)),
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u001bP1$q\u001b\\',
  '\u202e',
  '\u2066',
  '\u200f',
];
const OBEYED = ALL.filter((_, index) => index % times(1, 6) === 0);
// oxlint-disable-next-line no-control-regex
const RAW = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Both outputs as terminals. */
async function onTerminal(argv: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = (chunks: string[]) =>
    Object.assign(
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk.toString('utf8'));
          done();
        },
      }),
      { isTTY: true },
    );
  await main(argv, {
    stdin: Readable.from([]),
    stdout: terminal(out),
    stderr: terminal(err),
    env: { HOME: '/nonexistent', NO_COLOR: '1', CI: '1' },
    cwd,
    signal: new AbortController().signal,
  });
  return { stdout: out.join(''), stderr: err.join('') };
}

test('nothing of a message, a header or a file name is obeyed by a terminal', async () => {
  const cwd = folder();
  for (const [index, evil] of OBEYED.entries()) {
    const name = evil.includes('\0') || evil.includes('/') ? `plain${index}` : `a${evil}b${index}.csv`;
    await writeFile(join(cwd, name), `id${evil},message\n1,before ${evil} after\n2,"open ${evil}\n`);
    const { stdout, stderr } = await onTerminal([name, '--embedder', 'none'], cwd);
    expect(stdout).not.toMatch(RAW);
    expect(stderr).not.toMatch(RAW);
    expect(stdout + stderr).toContain('after');
  }
});

test('nor of a file that does not exist, or an argument that is not one', async () => {
  for (const evil of OBEYED.filter((text) => !text.includes('\0'))) {
    for (const argv of [[`no${evil}pe`], [`--no${evil}pe`], ['x', '--threshold', evil], ['x', '--model', `m${evil}`]]) {
      const { stderr } = await onTerminal(argv, folder());
      expect(stderr).not.toMatch(RAW);
    }
  }
});

/** What a CI service takes for an order when a line begins with it. */
const ORDER = /^\s*(?:::|##\[|##vso)/m;

test('no line that we tell people begins with an order to the CI service', async () => {
  const cwd = folder();
  const orders = ['::error::x', '::set-output name=a::b', '##[error]x', '##vso[task.complete]'];
  for (const [index, order] of orders.entries()) {
    const name = `${order}\n${order}${index}.csv`;
    await writeFile(join(cwd, name), `message\n${order}\n"open\n`);
    const { stderr, code } = await run([name, '--embedder', 'none'], '', { GITHUB_ACTIONS: 'true' }, cwd);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(ORDER);
    const missing = await run([`${order}\n${order}`, '--embedder', 'none'], '', { GITHUB_ACTIONS: 'true' });
    expect(missing.stderr).not.toMatch(ORDER);
  }
});
