import { expect, test } from 'vitest';
import { predictProba } from '../../src/head/predict.ts';
import { sparseFeatures } from '../../src/head/sparse.ts';
import { fitVocabulary, toTfidf } from '../../src/head/tfidf.ts';
import { fitHead } from '../../src/head/train.ts';
import { countNgrams, WORD_BUCKETS } from '../../src/head/ngrams.ts';
import { largestDifference, readParity } from './fixtures.ts';

interface SparseParity {
  readonly classes: number;
  readonly columns: number;
  readonly counts: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly trainRows: number;
  readonly starts: readonly number[];
  readonly indices: readonly number[];
  readonly values: readonly number[];
  readonly fits: ReadonlyArray<{ readonly c: number; readonly probabilities: readonly (readonly number[])[] }>;
}

const parity = await readParity<SparseParity>('sparse.json');

test('tf-idf is that of scikit-learn', () => {
  const counts = parity.counts.map((row) => ({
    buckets: Int32Array.from(row.flatMap((count, bucket) => (count > 0 ? [bucket] : []))),
    counts: Int32Array.from(row.filter((count) => count > 0)),
  }));
  const x = toTfidf(counts, fitVocabulary(counts, 1));
  expect([...x.starts]).toEqual(parity.starts);
  expect([...x.indices]).toEqual(parity.indices);
  expect(largestDifference(x.values, [parity.values])).toBeLessThan(1e-6);
});

test.each(parity.fits)(
  'a fit over sparse rows has the probabilities of scikit-learn, C = $c',
  ({ c, probabilities }) => {
    const all = sparseFeatures({
      columns: parity.columns,
      starts: Int32Array.from(parity.starts),
      indices: Int32Array.from(parity.indices),
      values: Float32Array.from(parity.values),
    });
    const rows = [...parity.y.keys()];
    const inside = all.select(rows.slice(0, parity.trainRows));
    const { head } = fitHead(inside, parity.y.slice(0, parity.trainRows), {
      c,
      classes: parity.classes,
      tolerance: 1e-7,
    });
    const found = predictProba(all.select(rows.slice(parity.trainRows)), head);
    expect(largestDifference(found, probabilities)).toBeLessThan(1e-4);
  },
);

test('rows are chosen in the order asked for', () => {
  const x = sparseFeatures({
    columns: 2,
    starts: Int32Array.of(0, 1, 1, 3),
    indices: Int32Array.of(0, 0, 1),
    values: Float32Array.of(1, 2, 3),
  });
  const scores = new Float64Array(3);
  x.select([2, 1, 0]).addScores(Float64Array.of(10, 1), 2, 0, scores);
  expect([...scores]).toEqual([23, 0, 10]);
});

test('n-grams do not know letter case; words and characters have buckets of their own', () => {
  const counts = countNgrams('Disk FULL, disk full');
  expect(countNgrams('disk full, DISK full')).toEqual(counts);
  expect([...counts.buckets]).toEqual([...new Set(counts.buckets)].toSorted((a, b) => a - b));
  const words = [...counts.counts].filter((_, at) => counts.buckets[at]! < WORD_BUCKETS);
  expect(words.toSorted((a, b) => a - b)).toEqual([1, 2, 2, 2]); // disk, full, disk full, full disk
});
