/** Buckets of word n-grams come first, those of character n-grams after them. */
export const WORD_BUCKETS = 2 ** 16;
export const CHARACTER_BUCKETS = 2 ** 17;
export const BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS;

const LONGEST_CHARACTERS = 5;
const TOKEN = /[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu;
const IS_WORD = /^[\p{L}\p{N}]/u;

/**
 * How often each hashed n-gram occurs in a text: words and pairs of neighbouring words, and 2 to 5 characters inside a
 * token with a space at each end. Letter case does not count. No vocabulary is kept: n-grams that fall into one bucket are
 * one feature.
 *
 * @returns Count by bucket, in [0, BUCKETS).
 */
export function countNgrams(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  const tokens = text.toLowerCase().match(TOKEN) ?? [];
  let previous: number | undefined;
  for (const token of tokens) {
    if (IS_WORD.test(token)) {
      const word = hashWord(token, WORD_SEED);
      add(counts, toBucket(word, 0, WORD_BUCKETS));
      if (previous !== undefined) add(counts, toBucket(hashWord(token, previous), 0, WORD_BUCKETS));
      previous = word;
    }
    addCharacters(counts, ` ${token} `);
  }
  return counts;
}

function addCharacters(counts: Map<number, number>, padded: string): void {
  for (let start = 0; start < padded.length - 1; start++) {
    const end = Math.min(padded.length, start + LONGEST_CHARACTERS);
    let hash = CHARACTER_SEED;
    for (let at = start; at < end; at++) {
      hash = step(hash, padded.charCodeAt(at));
      if (at > start) add(counts, toBucket(hash, WORD_BUCKETS, CHARACTER_BUCKETS));
    }
  }
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

function add(counts: Map<number, number>, bucket: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
}
