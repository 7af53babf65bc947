import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadedModules, type LoadedModules } from './helpers/loaded-modules.ts';

/** What a command loads is what it costs to start: each module is about half a millisecond. */
const logiq = fileURLToPath(new URL('../bin/logiq.js', import.meta.url));

function load(args: readonly string[], stdin = ''): LoadedModules {
  return loadedModules(logiq, args, { stdin });
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
