import { expect, test } from 'vitest';
import { countNgrams } from '../../src/head/ngrams.ts';
import { countEach, fitVocabulary } from '../../src/head/tfidf.ts';
import { quantise } from '../../src/models/ngram-weights.ts';
import type { ScoringModel } from '../../src/models/score.ts';
import { createFallbackStage } from '../../src/stages/fallback.ts';
import { createScore } from '../../src/models/score.ts';
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
  const stage = createModelStage(async () => [createScore('storage', 0.5, 'embedding_classifier')], 0.5);
  expect(await stage.classify(['x'], signal)).toEqual([
    { label: 'storage', confidence: 0.5, method: 'embedding_classifier' },
  ]);
});

test('a template without a word is left unclassified and not embedded', async () => {
  const embedder = fakeEmbedder();
  const score = createScorer(embedder, MODEL);
  expect(await score(['', 'disk gone', '<id> <num>'], signal)).toEqual([
    expect.objectContaining({ guess: { label: 'Unclassified', confidence: 0, method: 'fallback' } }),
    expect.objectContaining({ sure: expect.objectContaining({ label: 'storage' }) as unknown }),
    expect.objectContaining({ guess: { label: 'Unclassified', confidence: 0, method: 'fallback' } }),
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

test('rows of one template share their verdict', async () => {
  const score = createScore('storage', 0.9, 'embedding_classifier');
  const stage = createModelStage(async (templates) => templates.map(() => score), 0.5);
  const [first, second] = await stage.classify(['x', 'x'], signal);
  expect(first).toBe(second);
  const fallback = createFallbackStage(async (templates) => templates.map(() => score));
  const [guess, again] = await fallback.classify(['x', 'x'], signal);
  expect(guess).toBe(again);
});

test('a label may have a threshold of its own', async () => {
  const scores = [
    createScore('storage', 0.6, 'embedding_classifier'),
    createScore('auth', 0.6, 'embedding_classifier'),
  ];
  const stage = createModelStage(async () => scores, 0.5, { storage: 0.7 });
  expect((await stage.classify(['a', 'b'], signal)).map((verdict) => verdict?.label)).toEqual([undefined, 'auth']);
});

/** N-grams of "disk full" alone say storage, those of "login" a little auth_failure. */
function lexicalModel(): ScoringModel {
  const vocabulary = fitVocabulary(countEach(['disk full', 'login']), 1);
  const coef = new Float64Array(2 * vocabulary.columns);
  for (const bucket of countNgrams('disk full').buckets) coef[vocabulary.columnOf[bucket]!] = 1;
  for (const bucket of countNgrams('login').buckets) coef[vocabulary.columns + vocabulary.columnOf[bucket]!] = 0.1;
  const head = { classes: 2, columns: vocabulary.columns, coef, intercept: new Float64Array(2) };
  const weights = quantise(head, 0, vocabulary.columns);
  return {
    ...MODEL,
    ngrams: { vocabulary, ...weights },
    lexical: { ...weights, intercept: new Float32Array(2), temperature: 1, threshold: 0.9 },
  };
}

test('where n-grams are sure the embedder is not asked', async () => {
  const embedder = fakeEmbedder();
  const [disk, login] = await createScorer(embedder, lexicalModel())(['disk full', 'login'], signal);
  expect(embedder.asked).toEqual(['login']);
  expect(disk?.sure).toMatchObject({ label: 'storage', method: 'lexical_classifier' });
  expect(login?.sure).toMatchObject({ label: 'auth_failure', method: 'embedding_classifier' });
});

test('text of which training knew too little is neither embedded nor believed', async () => {
  const embedder = fakeEmbedder();
  const score = createScorer(embedder, { ...lexicalModel(), leastKnown: 0.9 });
  const [disk, foreign, login] = await score(['disk full', 'вчера вечером', 'login'], signal);
  expect(embedder.asked).toEqual(['login']);
  expect(disk!.sure.confidence).toBeGreaterThan(0.9);
  expect(foreign!.sure.confidence).toBeLessThan(0.01);
  expect(login!.sure.label).toBe('auth_failure');
});

test('n-grams that are less sure than the run demands do not suffice', async () => {
  const embedder = fakeEmbedder();
  await createScorer(embedder, lexicalModel(), 0.9999)(['disk full'], signal);
  expect(embedder.asked).toEqual(['disk full']);
});

test('without an embedder n-grams decide alone', async () => {
  const [, login] = await createScorer(undefined, lexicalModel())(['disk full', 'login'], signal);
  expect(login?.sure).toMatchObject({ label: 'auth_failure', method: 'lexical_classifier' });
});
