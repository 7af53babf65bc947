/** Buckets of word n-grams come first, those of character n-grams after them. */
export const WORD_BUCKETS = 2 ** 16;
export const CHARACTER_BUCKETS = 2 ** 17;
export const BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS;

const LONGEST_CHARACTERS = 5;
const TOKEN = /[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu;
const IS_WORD = /^[\p{L}\p{N}]/u;

/** The distinct n-grams of a text. */
export interface NgramCounts {
  /** Where each falls, in [0, BUCKETS), rising: words come before characters. */
  readonly buckets: Int32Array;
  /** How often each occurs, 1 or more. */
  readonly counts: Int32Array;
}

/**
 * How often each hashed n-gram occurs in a text: words and pairs of neighbouring words, and 2 to 5 characters inside a
 * token with a space at each end. Letter case does not count. No vocabulary is kept: n-grams that fall into one bucket are
 * one feature.
 */
export function countNgrams(text: string): NgramCounts {
  let size = 0;
  const tokens = text.toLowerCase().match(TOKEN) ?? [];
  let previous: number | undefined;
  for (const token of tokens) {
    const padded = ` ${token} `;
    const most = size + 2 + padded.length * (LONGEST_CHARACTERS - 1);
    if (most > found.length) found = growTo(2 * most);
    if (IS_WORD.test(token)) {
      const word = hashWord(token, WORD_SEED);
      found[size++] = toBucket(word, 0, WORD_BUCKETS);
      if (previous !== undefined) found[size++] = toBucket(hashWord(token, previous), 0, WORD_BUCKETS);
      previous = word;
    }
    size = addCharacters(padded, size);
  }
  return countDistinct(found.subarray(0, size).toSorted());
}

/** Buckets of the text at hand; kept, since one is as long as the other. */
let found = new Int32Array(2 ** 12);

function growTo(length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(found);
  return longer;
}

/** @returns How many are found then. */
function addCharacters(padded: string, size: number): number {
  for (let start = 0; start < padded.length - 1; start++) {
    const end = Math.min(padded.length, start + LONGEST_CHARACTERS);
    let hash = step(CHARACTER_SEED, padded.charCodeAt(start));
    for (let at = start + 1; at < end; at++) {
      hash = step(hash, padded.charCodeAt(at));
      found[size++] = toBucket(hash, WORD_BUCKETS, CHARACTER_BUCKETS);
    }
  }
  return size;
}

function countDistinct(sorted: Int32Array): NgramCounts {
  let distinct = 0;
  for (let at = 0; at < sorted.length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) distinct++;
  const buckets = new Int32Array(distinct);
  const counts = new Int32Array(distinct);
  let last = -1;
  for (let at = 0; at < sorted.length; at++) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) buckets[++last] = sorted[at]!;
    counts[last]!++;
  }
  return { buckets, counts };
}

const WORD_SEED = 0x811c9dc5;
const CHARACTER_SEED = 0x2f0b4c47;

function hashWord(word: string, seed: number): number {
  let hash = step(seed, 0x20);
  for (let at = 0; at < word.length; at++) hash = step(hash, word.charCodeAt(at));
  return hash;
}

/** One step of FNV-1a over a UTF-16 unit. */
function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** FNV's low bits are weak; the finish is that of MurmurHash3. */
function toBucket(hash: number, from: number, buckets: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  return from + ((mixed >>> 0) & (buckets - 1));
}
