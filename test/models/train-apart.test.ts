import { expect, test } from 'vitest';
import { countEach, toTfidf } from '../../src/head/tfidf.ts';
import { sumNgrams, type NgramWeights } from '../../src/models/ngram-weights.ts';
import { scoreNgrams, scoreTexts } from '../../src/models/score.ts';
import { trainApart } from '../../src/models/train-apart.ts';
import { toExamples, type LabelledRow } from '../../src/training/examples.ts';

const ROWS: readonly LabelledRow[] = [
  { message: 'disk full on alpha', label: 'storage', system: 'a' },
  { message: 'disk lost on beta', label: 'storage', system: 'b' },
  { message: 'disk slow on gamma', label: 'storage', system: 'kept' },
  { message: 'login refused for alice', label: 'auth', system: 'a' },
  { message: 'login failed for bob', label: 'auth', system: 'b' },
  { message: 'login denied for carol', label: 'auth', system: 'kept' },
];
const LABELS = ['storage', 'auth'];
const OPTIONS = {
  labels: LABELS,
  c: 3,
  isHeldOut: ({ system }: { readonly system: string }) => system === 'kept',
  signal: new AbortController().signal,
};

/** As an encoder that was tuned on all but the system kept back: there it knows the label, elsewhere nothing. */
async function knowsItsOwn(texts: readonly string[]): Promise<Float32Array> {
  const label = (text: string): number => Number(text.includes('disk')) - Number(text.includes('login'));
  return Float32Array.from(texts.flatMap((text) => (/slow|denied/.test(text) ? [0, 1] : [label(text), 0])));
}

function sumsOf(texts: readonly string[], ngrams: NgramWeights): Float64Array {
  return sumNgrams(toTfidf(countEach(texts), ngrams.vocabulary), ngrams);
}

test('n-grams keep their say beside vectors that know the examples by heart', async () => {
  const trained = await trainApart(toExamples(ROWS), knowsItsOwn, OPTIONS);
  const model = { labels: LABELS, ...trained };
  const texts = ['disk slow on delta', 'login denied for dora'];
  const guesses = scoreTexts(await knowsItsOwn(texts), sumsOf(texts, trained.ngrams!), texts.length, model);
  expect(guesses.map(({ sure }) => sure.label)).toEqual(LABELS);
  expect(trained.bySystem).toMatchObject({ rows: 2, accuracy: 1 });
});

test('the joined scores are the weighted mean of both heads', async () => {
  const trained = await trainApart(toExamples(ROWS), knowsItsOwn, OPTIONS);
  const sums = sumsOf(['disk slow on delta'], trained.ngrams!);
  const joint = { labels: LABELS, ...trained, temperature: 1 };
  const withNothing = scoreTexts(new Float32Array(2), sums, 1, joint)[0]!.sure.confidence;
  const alone = scoreNgrams(sums, { ...trained.lexical!, temperature: 1 }, LABELS)[0]!.sure.confidence;
  const logit = (p: number): number => Math.log(p / (1 - p));
  expect(logit(withNothing)).toBeLessThan(logit(alone));
  expect(logit(withNothing)).toBeGreaterThan(0.15 * logit(alone));
  expect(trained.lexical!.weights).toBe(trained.ngrams!.weights);
});

test('what is held out does not move the heads', async () => {
  const one = await trainApart(toExamples(ROWS), knowsItsOwn, OPTIONS);
  const swapped = ROWS.map((row) => ({ ...row, label: row.system === 'kept' ? LABELS.find((l) => l !== row.label)! : row.label }));
  const other = await trainApart(toExamples(swapped), knowsItsOwn, OPTIONS);
  expect(other.lexical?.weights).toEqual(one.lexical?.weights);
  expect(other.bySystem?.accuracy).toBe(0);
});

test('text that says nothing gets the frequent label, though by less than its share', async () => {
  const rows = ROWS.map((row) => ({ ...row, weight: row.label === 'storage' ? 9 : 3 }));
  const { lexical, ngrams } = await trainApart(toExamples(rows), knowsItsOwn, OPTIONS);
  const [guess] = scoreNgrams(sumsOf(['###'], ngrams!), { ...lexical!, temperature: 1 }, LABELS);
  expect(guess!.sure).toMatchObject({ label: 'storage', confidence: expect.closeTo(0.66, 1) as number }); // 3^0.6 to 1
});

test('a model that goes on from another is no surer than that one', async () => {
  const word = (n: number): string => n.toString(8).replaceAll(/\d/g, (digit) => 'abcdefgh'[Number(digit)]!);
  const kept = Array.from({ length: 600 }, (_, n) => ({
    message: `disk slow on ${word(n + 512)}`,
    label: 'storage',
    system: 'kept',
  }));
  const examples = toExamples([...ROWS, ...kept]);
  const own = await trainApart(examples, knowsItsOwn, OPTIONS);
  const floors = { temperature: 7, lexicalTemperature: 8, lexicalThreshold: 0.99 };
  expect(own.lexical!.threshold).toBeLessThan(floors.lexicalThreshold);
  const next = await trainApart(examples, knowsItsOwn, { ...OPTIONS, floors });
  expect(next).toMatchObject({ temperature: 7, lexical: { temperature: 8, threshold: 0.99 } });
});

test('a label that is not among those named is an error', async () => {
  const rows = [...ROWS, { message: 'fan failed', label: 'hardware' }];
  await expect(trainApart(toExamples(rows), knowsItsOwn, OPTIONS)).rejects.toThrow('"hardware"');
});
