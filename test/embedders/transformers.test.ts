import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { examineRuntime } from '../../src/doctor/runtime.ts';
import { loadEmbedder } from '../../src/embedders/index.ts';
import { startEmbedder } from '../../src/embedders/remote.ts';
import { createTokenizer } from '../../src/embedders/tokenizer.ts';
import { loadWithTransformers } from '../../src/embedders/transformers.ts';
import { decodeVectors, largestDifference, readParity, type EmbeddingFixture } from './fixtures.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // a busy machine

const ROBERTA = fileURLToPath(new URL('../../fixtures/parity/tiny-roberta/', import.meta.url));
const OPTIONS = { intraOpThreads: 1, sha256: {} };

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'logiq other encoder-'));
});
afterAll(() => rm(scratch, { recursive: true }));

test('token ids of a byte-level BPE equal those of the Python tokenizers library', async () => {
  const { texts, ids } = await readParity<EmbeddingFixture & { ids: number[][] }>('tiny-roberta.json');
  const tokenize = await createTokenizer(await readFile(join(ROBERTA, 'tokenizer.json'), 'utf8'), 64);
  expect(texts.map((text) => tokenize(text))).toEqual(ids);
  expect(Math.max(...ids.map(({ length }) => length))).toBe(64);
});

test('vectors of an architecture that is not ours equal those of Python onnxruntime, pooled as the export asks', async () => {
  const fixture = await readParity<EmbeddingFixture>('tiny-roberta.json');
  const embedder = await loadEmbedder(ROBERTA, OPTIONS);
  const vectors = await embedder.embed(fixture.texts);
  expect(await embedder.embed(fixture.texts.slice(7, 9))).toEqual(vectors.slice(7 * 32, 9 * 32));
  await embedder.close();
  expect(embedder).toMatchObject({ dim: 32, provider: 'cpu' });
  expect(largestDifference(vectors, decodeVectors(fixture))).toBeLessThan(1e-4);
});

test('it runs in a thread like any other', async () => {
  const fixture = await readParity<EmbeddingFixture>('tiny-roberta.json');
  const embedder = startEmbedder(ROBERTA, { threads: 2 });
  const vectors = await embedder.embed(fixture.texts, new AbortController().signal);
  expect(embedder.provider()).toBe('cpu');
  await embedder.close();
  expect(largestDifference(vectors, decodeVectors(fixture))).toBeLessThan(1e-4);
});

test('doctor says that it is left to the other runtime, and loads only ours', async () => {
  const { found, facts } = await examineRuntime(ROBERTA);
  expect(found).toContain('left to @huggingface/transformers and its own ONNX Runtime');
  expect(facts).not.toHaveProperty('loadMs');
});

test('without the package the error says what to install', async () => {
  const absent = Object.assign(new Error("Cannot find package '@huggingface/transformers'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(loadWithTransformers(ROBERTA, OPTIONS, () => Promise.reject(absent))).rejects.toMatchObject({
    code: 'E_EMBEDDER',
    message: expect.stringContaining('is not installed beside logiq') as unknown,
    hint: expect.stringContaining('npm install @huggingface/transformers') as unknown,
  });
  const broken = new Error('libvips is missing\nat somewhere');
  await expect(loadWithTransformers(ROBERTA, OPTIONS, () => Promise.reject(broken))).rejects.toThrow(
    /does not load here: libvips is missing\.$/,
  );
});

test('a device that does not work is an error, not another device', async () => {
  await expect(loadEmbedder(ROBERTA, { ...OPTIONS, device: 'dml' })).rejects.toMatchObject({
    code: 'E_EMBEDDER',
    message: expect.stringContaining('The device "dml" does not work here') as unknown,
  });
});

test.each([
  ['onnx/model.onnx', 'E_MODEL_DAMAGED'],
  ['tokenizer.json', 'E_MODEL_DAMAGED'],
])('a %s that is not the demanded one is refused', async (file, code) => {
  const options = { ...OPTIONS, sha256: { [file]: '0'.repeat(64) } };
  await expect(loadEmbedder(ROBERTA, options)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(file) as unknown,
  });
});

test('a model that cannot be read is a clean error', async () => {
  const dir = join(scratch, 'cut');
  await cp(ROBERTA, dir, { recursive: true });
  await truncate(join(dir, 'onnx/model.onnx'), 1000);
  await expect(loadEmbedder(dir, OPTIONS)).rejects.toMatchObject({
    code: 'E_EMBEDDER',
    message: expect.stringContaining('refuses the embedder') as unknown,
  });
});

test.each([
  ['{}', 'E_EMBEDDER', 'has no model_type'],
  ['{"model_type":"roberta"}', 'E_EMBEDDER', 'does not give hidden_size'],
  ['{', 'E_MODEL_DAMAGED', 'is not JSON'],
])('a folder whose config.json is %s is no embedder', async (config, code, message) => {
  const dir = join(scratch, 'config');
  await cp(ROBERTA, dir, { recursive: true });
  await writeFile(join(dir, 'config.json'), config);
  await expect(loadEmbedder(dir, OPTIONS)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as unknown,
  });
});
