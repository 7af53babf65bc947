import { AutoModel, AutoTokenizer, env, type Tensor } from '@huggingface/transformers';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { loadEmbedder } from '../../src/embedders/index.ts';
import { decodeVectors, lowestCosine, BUNDLED, readParity, SAME_VECTOR, type EmbeddingFixture } from './fixtures.ts';

const OPTIONS = { intraOpThreads: 1, sha256: {} };

test('vectors equal those of the same file under Python onnxruntime', async () => {
  const fixture = await readParity<EmbeddingFixture>('embeddings.json');
  const embedder = await loadEmbedder(BUNDLED, OPTIONS);
  const vectors = await embedder.embed(fixture.texts);
  await embedder.close();
  expect(embedder.dim).toBe(fixture.dim);
  expect(lowestCosine(vectors, decodeVectors(fixture), fixture.dim)).toBeGreaterThan(SAME_VECTOR);
});

test('vectors equal those of @huggingface/transformers', async () => {
  const { texts, dim } = await readParity<EmbeddingFixture>('embeddings.json');
  const short = texts.slice(0, 100);
  env.allowRemoteModels = false;
  env.localModelPath = dirname(BUNDLED.replace(/\/$/, ''));
  const tokenize = await AutoTokenizer.from_pretrained('logs-MiniLM-L3');
  const model = await AutoModel.from_pretrained('logs-MiniLM-L3', { dtype: 'q8' });
  const theirs = new Float32Array(short.length * dim);
  for (const [row, text] of short.entries()) {
    const outputs = (await model(tokenize(text))) as { readonly sentence_embedding: Tensor };
    theirs.set(outputs.sentence_embedding.normalize().data as Float32Array, row * dim);
  }
  await model.dispose();
  const embedder = await loadEmbedder(BUNDLED, OPTIONS);
  const ours = await embedder.embed(short);
  await embedder.close();
  expect(lowestCosine(ours, theirs, dim)).toBeGreaterThan(SAME_VECTOR);
});

test('a vector depends on its text alone: any batch, one thread or two, the same bits', async () => {
  const { texts, dim } = await readParity<EmbeddingFixture>('embeddings.json');
  const some = texts.slice(0, 64);
  const one = await loadEmbedder(BUNDLED, OPTIONS);
  const two = await loadEmbedder(BUNDLED, { ...OPTIONS, intraOpThreads: 2 });
  const whole = await one.embed(some);
  for (const size of [1, 8, 32]) {
    for (let start = 0; start < some.length; start += size) {
      const part = await one.embed(some.slice(start, start + size));
      expect(part).toEqual(whole.subarray(start * dim, start * dim + part.length));
    }
  }
  expect(await two.embed(some)).toEqual(whole);
  await Promise.all([one.close(), two.close()]);
});

test('no texts are no vectors', async () => {
  const embedder = await loadEmbedder(BUNDLED, OPTIONS);
  expect(await embedder.embed([])).toHaveLength(0);
  await embedder.close();
});
