import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { content, startFakeGroq } from '../helpers/fake-groq.ts';
import { folder, readyAddress } from '../helpers/program.ts';

/** A run in an empty home: what it leaves there and elsewhere, and whom it tries to reach. */
const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));
const recorder = new URL('../helpers/record-connections.js', import.meta.url).href;

const canTrace = spawnSync('strace', ['-f', '-e', 'trace=connect', 'true']).status === 0;
if (!canTrace)
  console.warn('SKIPPED: what native code does is watched by strace, which is not to be had (apt-get install strace).');

interface Watched {
  readonly program: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves when the program has ended. */
  footprint(): Promise<Footprint>;
}

interface Footprint {
  readonly reached: readonly string[];
  /** In home, folder for temporary files and working folder, relative to where the three are. */
  readonly left: readonly string[];
  /** Files made anywhere else. */
  readonly made: readonly string[];
}

/** @param by `node` sees what JavaScript does, `strace` every system call. */
function watch(by: 'node' | 'strace', args: readonly string[], more: Readonly<Record<string, string>> = {}): Watched {
  const place = folder();
  const record = join(place, 'record');
  writeFileSync(record, '');
  const [home, tmp, cwd] = ['home', 'tmp', 'cwd'].map((name) => join(place, name)) as [string, string, string];
  for (const path of [home, tmp, cwd]) mkdirSync(path);
  const trace = ['-D', '-f', '-qq', '-s', '4096', '-o', record, '-e', 'trace=connect,sendto,open,openat,creat,mkdir'];
  const command = by === 'strace' ? ['strace', ...trace, process.execPath] : [process.execPath, '--import', recorder];
  const program = spawn(command[0]!, [...command.slice(1), logiq, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: tmp, RECORD_CONNECTIONS: record, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  program.stdout.resume();
  const ended = once(program, 'close');
  return {
    program,
    async footprint() {
      await ended;
      const lines = readFileSync(record, 'utf8').split('\n').filter(Boolean);
      const made = lines
        .filter((line) => /O_CREAT|mkdir|creat\(/.test(line))
        .map((line) => resolve(cwd, /"([^"]*)"/.exec(line)?.[1] ?? ''));
      return {
        reached: by === 'node' ? lines : lines.filter((line) => /AF_INET/.test(line)),
        left: ['home', 'tmp', 'cwd'].flatMap((name) =>
          readdirSync(join(place, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path)),
        ),
        made: made.filter((path) => !path.startsWith(place) && path !== '/dev/null'),
      };
    },
  };
}

const NOTHING: Footprint = { reached: [], left: [], made: [] };
const sample = fileURLToPath(new URL('../../fixtures/sample.csv', import.meta.url));

async function serveSome({ program }: Watched): Promise<void> {
  const url = await readyAddress(program);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ logs: ['the moon was full and nobody noticed', 'disk full', 'hm hm'] });
  expect((await fetch(`${url}/classify`, { method: 'POST', headers, body })).status).toBe(200);
  const upload = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: readFileSync(sample) };
  expect((await fetch(`${url}/classify-file`, upload)).status).toBe(200);
  for (const path of ['/', '/docs', '/stats', '/metrics', '/models']) {
    expect((await fetch(`${url}${path}`)).status).toBe(200);
  }
  program.kill('SIGTERM');
}

describe.each(['node', ...(canTrace ? (['strace'] as const) : [])] as const)('watched by %s', (by) => {
  const timeout = 180_000;

  test('a run by rules alone leaves nothing and reaches nobody', { timeout }, async () => {
    const run = watch(by, [sample, '--embedder', 'none']);
    expect(await run.footprint()).toEqual(NOTHING);
    expect(run.program.exitCode).toBe(0);
  });

  test('neither does one with the embedder in its threads', { timeout }, async () => {
    const run = watch(by, [sample]);
    expect(await run.footprint()).toEqual(NOTHING);
    expect(run.program.exitCode).toBe(0);
  });

  test('neither does a server that has answered, labelled a file and was stopped', { timeout }, async () => {
    const run = watch(by, ['serve', '--port', '0']);
    await serveSome(run);
    expect(await run.footprint()).toEqual(NOTHING);
    expect(run.program.signalCode).toBe('SIGTERM');
  });

  test('with an LLM it reaches that one alone and leaves its answers in the cache alone', { timeout }, async () => {
    const groq = await startFakeGroq(content('{"answers":[{"n":1,"label":"resource"}]}'));
    const { port } = new URL(groq.url);
    const run = watch(by, ['serve', '--port', '0', '--threshold', '1', '--llm-base-url', groq.url], {
      LOGIQ_LLM_API_KEY: 'k',
    });
    await serveSome(run);
    const { reached, left, made } = await run.footprint();
    await groq.close();
    expect(groq.requests.length).toBeGreaterThan(0);
    expect(reached.length).toBeGreaterThan(0);
    expect(reached.filter((line) => !line.includes(port))).toEqual([]);
    expect(left.filter((path) => !/^home\/\.cache(?:\/logiq(?:\/|$)|$)/.test(path))).toEqual([]);
    expect(made).toEqual([]);
  });
});
