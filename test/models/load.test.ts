import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countEach, fitVocabulary } from '../../src/head/tfidf.ts';
import { encodeModel } from '../../src/models/describe.ts';
import { encodeHead } from '../../src/models/head-file.ts';
import { loadModel, verifyModel } from '../../src/models/load.ts';
import { listModels } from '../../src/models/locate.ts';
import { MODEL_FORMAT, openMetadata, sealMetadata, type ModelMetadata } from '../../src/models/metadata.ts';
import { saveModel } from '../../src/models/save.ts';
import { NORMALISER_VERSION } from '../../src/template/normalise.ts';
import { TINY } from '../helpers/tiny-model.ts';

const HEAD = { classes: 2, columns: 3, coef: Float64Array.of(1, 2, 3, 4, 5, 6), intercept: Float64Array.of(0.5, -0.5) };

const METADATA: Omit<ModelMetadata, 'files'> = {
  ...TINY,
  embedder: { name: 'logs-MiniLM-L3', sha256: {} },
  features: [{ kind: 'embedding', columns: 3 }],
  temperature: 1.5,
};

let dir: string;
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'logiq-model-')), 'tiny');
  await saveModel(dir, METADATA, { 'head.bin': encodeHead(HEAD), 'training.csv': Buffer.from('message,label\n') });
});
afterEach(() => rm(join(dir, '..'), { recursive: true }));

test('a saved model comes back as it was', async () => {
  const model = await loadModel(dir);
  expect(model.labels).toEqual(['routine', 'crash']);
  expect(model.head).toEqual(HEAD);
  expect(model.temperature).toBe(1.5);
  expect(model.embedderDir).toMatch(/models[/\\]logs-MiniLM-L3$/);
});

test('a folder is found relative to the working directory', async () => {
  expect((await loadModel('tiny', join(dir, '..'))).dir).toBe(dir);
});

test.each(['head.bin', 'training.csv', 'metadata.json'])('each flipped byte of %s is noticed', async (file) => {
  const path = join(dir, file);
  const bytes = await readFile(path);
  for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 25)) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 1;
    await writeFile(path, damaged);
    await expect(loadModel(dir)).rejects.toMatchObject({
      code: 'E_MODEL_DAMAGED',
      exitCode: 70,
      message: expect.stringContaining(file) as unknown,
    });
  }
});

test.each([
  ['head.bin', 10],
  ['head.bin', 0],
  ['metadata.json', 100],
  ['metadata.json', 0],
])('%s cut to %d bytes is noticed', async (file, length) => {
  await truncate(join(dir, file), length);
  await expect(loadModel(dir)).rejects.toMatchObject({ code: 'E_MODEL_DAMAGED' });
});

test('a missing file is named', async () => {
  await rm(join(dir, 'head.bin'));
  await expect(loadModel(dir)).rejects.toMatchObject({
    code: 'E_MODEL_DAMAGED',
    message: expect.stringContaining('head.bin') as unknown,
  });
});

test('an unknown name is answered with what there is', async () => {
  await expect(loadModel('logiq-bse')).rejects.toMatchObject({
    code: 'E_MODEL_MISSING',
    hint: expect.stringContaining('logiq-base') as unknown,
  });
});

test.each([
  ['a format that is not known yet', { format: MODEL_FORMAT + 1 }],
  ['no format', { format: 0 }],
  ['templates of another version', { normaliser: NORMALISER_VERSION + 1 }],
  ['other features', { features: [{ kind: 'embedding' as const, columns: 4 }] }],
])('a model with %s is refused', async (_, change) => {
  await saveModel(dir, { ...METADATA, ...change }, { 'head.bin': encodeHead(HEAD) });
  await expect(loadModel(dir)).rejects.toMatchObject({ code: 'E_MODEL_SHAPE' });
});

test('a model of the first format is still read', async () => {
  await saveModel(dir, { ...METADATA, format: 1 }, { 'head.bin': encodeHead(HEAD) });
  expect((await loadModel(dir)).metadata.format).toBe(1);
});

test('a model whose embedder is not there is refused', async () => {
  await saveModel(dir, { ...METADATA, embedder: { name: 'nowhere', sha256: {} } }, { 'head.bin': encodeHead(HEAD) });
  await expect(loadModel(dir)).rejects.toMatchObject({ code: 'E_MODEL_MISSING' });
});

test('verify also reads the embedder', async () => {
  const embedder = join(dir, '..', 'embedder');
  await cp(new URL('../../models/logs-MiniLM-L3/config.json', import.meta.url), join(embedder, 'config.json'));
  const change = { embedder: { name: embedder, sha256: { 'config.json': '0'.repeat(64) } } };
  await saveModel(dir, { ...METADATA, ...change }, { 'head.bin': encodeHead(HEAD) });
  await loadModel(dir);
  await expect(verifyModel(dir)).rejects.toMatchObject({ code: 'E_MODEL_DAMAGED' });
});

test('the seal does not change what it seals', async () => {
  const metadata = { ...METADATA, files: {} };
  expect(await openMetadata(await sealMetadata(metadata), 'metadata.json')).toMatchObject(metadata);
});

test('the bundled model is whole', async () => {
  expect(await listModels()).toContain('logiq-base');
  const { metadata, labels } = await verifyModel('logiq-base');
  expect(labels).toHaveLength(21);
  expect(metadata.labels.every(({ meaning }) => meaning.length > 20)).toBe(true);
});

test.each([
  ['weights of its own', false],
  ['those of the joint head', true],
])('n-grams and the head over them alone come back as they were, with %s', async (_name, isShared) => {
  const vocabulary = fitVocabulary(countEach(['disk full']), 1);
  const weights = new Int8Array(vocabulary.columns * 2).map((_, i) => i - 20);
  const ngrams = { vocabulary, scales: Float32Array.of(0.5, 0.25), weights };
  const lexical = {
    scales: Float32Array.of(2, 1),
    weights: isShared ? weights : weights.toReversed(),
    intercept: Float32Array.of(1, -1),
    temperature: 1.25,
    threshold: 0.75,
  };
  const features = [...METADATA.features, { kind: 'ngrams' as const, columns: vocabulary.columns }];
  const metadata = { ...METADATA, features, lexical: { temperature: 1.25, threshold: 0.75 } };
  const files = encodeModel({ head: HEAD, ngrams, lexical });
  expect(files['lexical.bin']).toHaveLength(isShared ? 16 : 16 + weights.length);
  await saveModel(dir, metadata, files);
  const model = await loadModel(dir);
  expect(model.ngrams).toEqual(ngrams);
  expect(model.lexical).toEqual(lexical);
  await saveModel(dir, metadata, { ...files, 'lexical.bin': files['lexical.bin']!.slice(1) });
  await expect(loadModel(dir)).rejects.toMatchObject({ code: 'E_MODEL_SHAPE' });
});
