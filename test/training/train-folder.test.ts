import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isHeldOutSystem } from '../../src/models/train-apart.ts';
import { loadModel } from '../../src/models/load.ts';
import { toExamples } from '../../src/training/examples.ts';
import { fitModelApart, writeModelFolder, type OpenEmbedder } from '../../src/training/train-folder.ts';
import { BUNDLED } from '../embedders/fixtures.ts';

const kept = Array.from({ length: 100 }, (_, at) => `system-${at}`).find((system) => isHeldOutSystem({ system }));
const ROWS = ['alpha', 'beta', 'gamma', 'delta', 'omega'].flatMap((thing, at) => [
  { message: `disk of ${thing} is full`, label: 'storage', system: at === 0 ? kept! : 'other' },
  { message: `login refused for ${thing}`, label: 'auth', system: at === 0 ? kept! : 'other' },
]);
const EMBEDDER: OpenEmbedder = {
  name: 'logs-MiniLM-L3',
  dir: BUNDLED,
  embed: async (texts) => Float32Array.from(texts.flatMap((text) => (text.includes('disk') ? [1, 0] : [0, 1]))),
  device: () => undefined,
  close: async () => {},
};
const SETTINGS = {
  labels: ['storage', 'auth'].map((label) => ({ label, meaning: '' })),
  features: ['embedding', 'ngrams'] as const,
  embedder: 'logs-MiniLM-L3',
  c: 3,
  seed: 1,
  threshold: 0.5,
  leastKnown: 0.9,
};

test('heads that were fitted apart are written and read as such, with what makes a text foreign', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'logiq-apart-'));
  const examples = toExamples(ROWS);
  const { signal } = new AbortController();
  const told: string[] = [];
  const tell = (...[step, done, total]: readonly unknown[]): void =>
    void told.push(`${String(step)} ${String(done)} of ${String(total)}`);
  const floors = { temperature: 2.5, lexicalTemperature: 2, lexicalThreshold: 0 };
  const fitted = await fitModelApart(examples, SETTINGS, EMBEDDER, floors, signal, tell);
  expect(told).toEqual(['fitting 0 of 2', 'fitting 1 of 2', 'fitting 2 of 2']);
  await writeModelFolder(join(dir, 'mine'), fitted, examples, '2026-01-01');
  const { metadata, leastKnown } = await loadModel(join(dir, 'mine'));
  await rm(dir, { recursive: true });
  expect(leastKnown).toBe(0.9);
  expect(metadata).toMatchObject({ temperature: 2.5, lexical: { temperature: 2 } });
  expect(metadata.embedder).toMatchObject({ tunedFrom: 'all-MiniLM-L6-v2' });
  expect(metadata.training).toMatchObject({ apart: true, crossValidation: [{ groupedBy: 'system', accuracy: 1 }] });
});
