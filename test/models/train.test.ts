import { expect, test } from 'vitest';
import { trainModel, type TrainingRow } from '../../src/models/train.ts';
import { scoreVectors } from '../../src/models/score.ts';

const OPTIONS = { labels: ['storage', 'auth'], c: 3, folds: 2, seed: 1, signal: new AbortController().signal };

/** Two columns: does the text speak of disks, does it speak of logins. */
const wordSpotter = {
  asked: [] as string[],
  async embed(texts: readonly string[]) {
    this.asked.push(...texts);
    return Float32Array.from(texts.flatMap((text) => [Number(text.includes('disk')), Number(text.includes('login'))]));
  },
};

const ROWS: readonly TrainingRow[] = [
  { message: 'disk full on alpha', label: 'storage', system: 'a' },
  { message: 'disk lost on beta', label: 'storage', system: 'b' },
  { message: 'disk slow on gamma', label: 'storage', system: 'a' },
  { message: 'login refused for alice', label: 'auth', system: 'a' },
  { message: 'login failed for bob', label: 'auth', system: 'b' },
  { message: 'login denied for carol', label: 'auth', system: 'b' },
];

test('a head learns what tells the labels apart, and is scored on rows it has not seen', async () => {
  const trained = await trainModel(ROWS, wordSpotter, OPTIONS);
  expect(trained.templates).toBe(6);
  expect(trained.byTemplate.accuracy).toBe(1);
  expect(trained.bySystem?.accuracy).toBe(1);
  const model = { labels: OPTIONS.labels, head: trained.head, temperature: trained.temperature };
  const [guess] = scoreVectors(await wordSpotter.embed(['disk gone']), 1, model);
  expect(guess?.label).toBe('storage');
  expect(guess?.confidence).toBeGreaterThan(0.5);
});

test('lines of one template are embedded once', async () => {
  const embedder = { ...wordSpotter, asked: [] as string[] };
  const again = ROWS.flatMap((row) => [row, row]);
  const trained = await trainModel(again, embedder, OPTIONS);
  expect(embedder.asked).toHaveLength(6);
  expect(trained.templates).toBe(6);
});

test('without systems there is no score by system', async () => {
  const rows = ROWS.map(({ message, label }) => ({ message, label }));
  expect((await trainModel(rows, wordSpotter, OPTIONS)).bySystem).toBeUndefined();
});

test('a label that was not named is an error', async () => {
  const rows = [...ROWS, { message: 'fan stopped', label: 'hardware' }];
  await expect(trainModel(rows, wordSpotter, OPTIONS)).rejects.toMatchObject({ code: 'E_MODEL_SHAPE' });
});
