import { BUCKETS, countNgrams, WORD_BUCKETS, type NgramCounts } from './ngrams.ts';
import type { SparseRows } from './sparse.ts';

/** What turns n-gram counts into features. */
export interface Vocabulary {
  /** Inverse document frequency of each bucket, 0 for one that is no feature; length `BUCKETS`. */
  readonly idf: Float32Array;
  /** Column of each bucket, -1 for one that is no feature. */
  readonly columnOf: Int32Array;
  readonly columns: number;
}

/**
 * Takes the buckets that occur in at least `minTexts` of the texts.
 * Source: scikit-learn `TfidfTransformer(smooth_idf=True)`: ln((1 + texts) / (1 + texts with it)) + 1.
 */
export function fitVocabulary(counts: readonly NgramCounts[], minTexts: number): Vocabulary {
  const texts = new Uint32Array(BUCKETS);
  for (const { buckets } of counts) for (let at = 0; at < buckets.length; at++) texts[buckets[at]!]!++;
  const idf = new Float32Array(BUCKETS);
  for (const [bucket, found] of texts.entries()) {
    if (found >= minTexts) idf[bucket] = Math.log((1 + counts.length) / (1 + found)) + 1;
  }
  return toVocabulary(idf);
}

/** @param idf Length `BUCKETS`. */
export function toVocabulary(idf: Float32Array): Vocabulary {
  const columnOf = new Int32Array(BUCKETS).fill(-1);
  let columns = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) if (idf[bucket] !== 0) columnOf[bucket] = columns++;
  return { idf, columnOf, columns };
}

/**
 * Share in [0, 1] of a text's distinct character n-grams that are features. Above 0.94 for 98 of 100 log lines of any system
 * where 28,000 templates made the vocabulary; about 0.4 for a script that none of them holds, since buckets are shared.
 */
export function knownShare({ buckets }: NgramCounts, { columnOf }: Vocabulary): number {
  let known = 0;
  let all = 0;
  for (let at = buckets.length - 1; at >= 0 && buckets[at]! >= WORD_BUCKETS; at--) {
    all++;
    if (columnOf[buckets[at]!] !== -1) known++;
  }
  return all === 0 ? 0 : known / all;
}

export function countEach(texts: readonly string[]): NgramCounts[] {
  return texts.map(countNgrams);
}

/**
 * Features of each text: (1 + ln count) · idf, words and characters each of L2 norm 1.
 * Source: scikit-learn `make_union` of two `TfidfVectorizer(sublinear_tf=True)`; fixtures/parity/sparse.json.
 *
 * @param counts What `countNgrams` gave for each text.
 */
export function toTfidf(counts: readonly NgramCounts[], { idf, columnOf, columns }: Vocabulary): SparseRows {
  const size = counts.reduce((sum, { buckets }) => sum + buckets.length, 0);
  const starts = new Int32Array(counts.length + 1);
  const indices = new Int32Array(size);
  const values = new Float32Array(size);
  let entry = 0;
  for (const [row, own] of counts.entries()) {
    let squares = 0;
    let from = entry;
    let isWords = true;
    for (let at = 0; at < own.buckets.length; at++) {
      const bucket = own.buckets[at]!;
      if (isWords && bucket >= WORD_BUCKETS) {
        scale(values, from, entry, squares);
        from = entry;
        squares = 0;
        isWords = false;
      }
      if (columnOf[bucket] === -1) continue;
      const value = (1 + Math.log(own.counts[at]!)) * idf[bucket]!;
      squares += value * value;
      indices[entry] = columnOf[bucket]!;
      values[entry++] = value;
    }
    scale(values, from, entry, squares);
    starts[row + 1] = entry;
  }
  return { columns, starts, indices: indices.slice(0, entry), values: values.slice(0, entry) };
}

/** Brings the values from `from` to `to` to an L2 norm of 1. */
function scale(values: Float32Array, from: number, to: number, squares: number): void {
  const factor = 1 / Math.sqrt(squares);
  for (let at = from; at < to; at++) values[at]! *= factor;
}
