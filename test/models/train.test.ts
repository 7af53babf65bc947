import { expect, test } from 'vitest';
import { scoreTexts } from '../../src/models/score.ts';
import { trainModel } from '../../src/models/train.ts';
import { toExamples, type LabelledRow } from '../../src/training/examples.ts';

const OPTIONS = {
  labels: ['storage', 'auth'],
  features: ['embedding'] as const,
  c: 3,
  folds: 2,
  seed: 1,
  signal: new AbortController().signal,
};

/** Two columns: does the text speak of disks, does it speak of logins. */
async function spotWords(texts: readonly string[]): Promise<Float32Array> {
  return Float32Array.from(texts.flatMap((text) => [Number(text.includes('disk')), Number(text.includes('login'))]));
}

const ROWS: readonly LabelledRow[] = [
  { message: 'disk full on alpha', label: 'storage', system: 'a' },
  { message: 'disk lost on beta', label: 'storage', system: 'b' },
  { message: 'disk slow on gamma', label: 'storage', system: 'a' },
  { message: 'login refused for alice', label: 'auth', system: 'a' },
  { message: 'login failed for bob', label: 'auth', system: 'b' },
  { message: 'login denied for carol', label: 'auth', system: 'b' },
];

test('a head learns what tells the labels apart, and is scored on rows it has not seen', async () => {
  const trained = await trainModel(toExamples(ROWS), spotWords, OPTIONS);
  expect(trained.byTemplate.accuracy).toBe(1);
  expect(trained.bySystem?.accuracy).toBe(1);
  const model = { labels: OPTIONS.labels, ...trained, lexical: undefined };
  const [guess] = scoreTexts(await spotWords(['disk gone']), undefined, 1, model);
  expect(guess?.sure.label).toBe('storage');
});

test('n-grams alone need no embedder, both kinds bring a head that is asked first', async () => {
  const lexical = await trainModel(toExamples(ROWS), undefined, { ...OPTIONS, features: ['ngrams'] });
  expect(lexical.head.columns).toBe(0);
  expect(lexical.lexical).toBeUndefined();
  expect(lexical.byTemplate.accuracy).toBe(1);
  const both = await trainModel(toExamples(ROWS), spotWords, { ...OPTIONS, features: ['embedding', 'ngrams'] });
  expect(both.head.columns).toBe(2);
  expect(both.lexical?.weights).toHaveLength(both.ngrams!.weights.length);
});

test('the same examples and seed give the same model, and C is searched where none is given', async () => {
  const { c: _, ...search } = OPTIONS;
  const [one, other] = [
    await trainModel(toExamples(ROWS), spotWords, { ...search, folds: 3 }),
    await trainModel(toExamples(ROWS), spotWords, { ...search, folds: 3 }),
  ];
  expect(one).toEqual(other);
  expect(one.tried.map(({ c }) => c)).toEqual([1, 3, 10, 30]);
  expect(one.tried.map(({ c }) => c)).toContain(one.c);
});

test('without systems there is no score by system', async () => {
  const rows = ROWS.map(({ message, label }) => ({ message, label }));
  expect((await trainModel(toExamples(rows), spotWords, OPTIONS)).bySystem).toBeUndefined();
});

test.each([
  ['a label that was not named', [...ROWS, { message: 'fan stopped', label: 'hardware' }]],
  ['a single label', ROWS.slice(0, 3)],
])('%s is an error', async (_, rows) => {
  await expect(trainModel(toExamples(rows), spotWords, OPTIONS)).rejects.toMatchObject({ code: 'E_USAGE' });
});

test('an aborted training ends with the reason', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(trainModel(toExamples(ROWS), spotWords, { ...OPTIONS, signal })).rejects.toThrow('enough');
});
