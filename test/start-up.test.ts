import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** What a command loads is what it costs to start: each module is about half a millisecond. */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = new URL('../dist/', import.meta.url).href;
const recorder = new URL('helpers/record-modules.js', import.meta.url).href;

interface Loaded {
  readonly packages: readonly string[];
  /** Modules of logiq itself, relative to dist. */
  readonly own: readonly string[];
}

function load(args: readonly string[], stdin = ''): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'logiq-modules-'));
  const record = join(folder, 'modules');
  const { status, stderr } = spawnSync(process.execPath, ['--import', recorder, join(root, 'bin/logiq.js'), ...args], {
    input: stdin,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, RECORD_MODULES: record },
  });
  expect(status, stderr).toBe(0);
  const urls = [...new Set(readFileSync(record, 'utf8').trim().split('\n'))];
  const match = (pattern: RegExp): string[] => urls.flatMap((url) => pattern.exec(url)?.[1] ?? []);
  return {
    packages: [...new Set(match(/\/node_modules\/((?:@[^/]+\/)?[^/]+)/))].toSorted(),
    own: urls.filter((url) => url.startsWith(dist)).map((url) => url.slice(dist.length)),
  };
}

test.each([['--version'], ['--help']])('%s loads commander and no command', (flag) => {
  const { packages, own } = load([flag]);
  expect(packages).toEqual(['commander']);
  expect(own.filter((module) => module.startsWith('commands/'))).toEqual([]);
  expect(own.length).toBeLessThanOrEqual(10);
});

test('a run by rules alone loads neither the runtime nor the tokenizer nor an SDK', () => {
  const { packages, own } = load(['--embedder', 'none', '--quiet'], 'one line\n');
  const heavy = new Set([
    'onnxruntime-node',
    '@huggingface/tokenizers',
    'groq-sdk',
    'fastify',
    'ora',
    'csv-parse',
    'yaml',
  ]);
  expect(packages.filter((name) => heavy.has(name))).toEqual([]);
  expect(own.filter((module) => /^(?:onnxruntime|server|doctor)\//.test(module))).toEqual([]);
  expect(own.length).toBeLessThanOrEqual(165);
});

test('a run with the model does not load an SDK without a key', () => {
  const { packages } = load(['--quiet'], 'one line\n');
  expect(packages).not.toContain('groq-sdk');
  expect(packages).not.toContain('fastify');
});
