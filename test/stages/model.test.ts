import { expect, test } from 'vitest';
import { createFallbackStage } from '../../src/stages/fallback.ts';
import { createModelStage, createScorer } from '../../src/stages/model.ts';

const signal = new AbortController().signal;

/** Column 0 says "disk", column 1 says "login"; `asked` is what the encoder was given. */
function fakeEmbedder(): { asked: string[]; embed(texts: readonly string[]): Promise<Float32Array> } {
  const asked: string[] = [];
  return {
    asked,
    async embed(texts) {
      asked.push(...texts);
      return Float32Array.from(
        texts.flatMap((text) => [Number(text.includes('disk')), Number(text.includes('login'))]),
      );
    },
  };
}

const MODEL = {
  labels: ['storage', 'auth_failure'],
  head: { classes: 2, columns: 2, coef: Float64Array.of(4, 0, 0, 1), intercept: new Float64Array(2) },
  temperature: 1,
};

const sure = 1 / (1 + Math.exp(-4));
const unsure = 1 / (1 + Math.exp(-1));

test('templates reach the embedder as words', async () => {
  const embedder = fakeEmbedder();
  await createScorer(embedder, MODEL)(['diskFull on_node'], signal);
  expect(embedder.asked).toEqual(['disk Full on node']);
});

test('the model answers where it is sure and passes where it is not', async () => {
  const stage = createModelStage(createScorer(fakeEmbedder(), MODEL), 0.9);
  expect(await stage.classify(['disk gone', 'login refused'], signal)).toEqual([
    { label: 'storage', confidence: expect.closeTo(sure, 12) as number, method: 'embedding_classifier' },
    null,
  ]);
});

test('a confidence of exactly the threshold is sure', async () => {
  const stage = createModelStage(async () => [{ label: 'storage', confidence: 0.5 }], 0.5);
  expect(await stage.classify(['x'], signal)).toEqual([
    { label: 'storage', confidence: 0.5, method: 'embedding_classifier' },
  ]);
});

test('a template without a word is left unclassified and not embedded', async () => {
  const embedder = fakeEmbedder();
  const score = createScorer(embedder, MODEL);
  expect(await score(['', 'disk gone', '--- ***'], signal)).toEqual([
    { label: 'Unclassified', confidence: 0 },
    expect.objectContaining({ label: 'storage' }),
    { label: 'Unclassified', confidence: 0 },
  ]);
  expect(embedder.asked).toEqual(['disk gone']);
});

test('the model stage never claims a row as unclassified, even at threshold 0', async () => {
  const stage = createModelStage(createScorer(fakeEmbedder(), MODEL), 0);
  expect(await stage.classify([''], signal)).toEqual([null]);
});

test('nothing asked, nothing answered', async () => {
  expect(await createScorer(fakeEmbedder(), MODEL)([], signal)).toEqual([]);
});

test('vectors of another length than the head was trained on are refused', async () => {
  const score = createScorer({ embed: async () => new Float32Array(3) }, MODEL);
  await expect(score(['x'], signal)).rejects.toMatchObject({ code: 'E_MODEL_SHAPE' });
});

test('the fallback gives the best guess with its low confidence', async () => {
  const stage = createFallbackStage(createScorer(fakeEmbedder(), MODEL));
  expect(await stage.classify(['login refused'], signal)).toEqual([
    { label: 'auth_failure', confidence: expect.closeTo(unsure, 12) as number, method: 'fallback' },
  ]);
});

test('without a model the fallback says that nothing was classified', async () => {
  expect(await createFallbackStage().classify(['a', 'b'], signal)).toEqual([
    { label: 'Unclassified', confidence: 0, method: 'fallback' },
    { label: 'Unclassified', confidence: 0, method: 'fallback' },
  ]);
});
