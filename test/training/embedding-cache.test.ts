import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { embeddingCacheDir, rememberEmbeddings } from '../../src/training/embedding-cache.ts';

const { signal } = new AbortController();
let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'logiq-vectors-'))));
afterEach(() => rm(dir, { recursive: true }));

function counting(): { asked: string[]; embed: (texts: readonly string[]) => Promise<Float32Array> } {
  const asked: string[] = [];
  return {
    asked,
    embed: async (texts) => {
      asked.push(...texts);
      return Float32Array.from(texts.flatMap((text) => [text.length / 3, text.charCodeAt(0)]));
    },
  };
}

test('a second training asks for nothing and gets the same bits', async () => {
  const [first, second] = [counting(), counting()];
  const vectors = await rememberEmbeddings(first.embed, { dir, embedder: 'e' })(['disk', 'login', 'disk'], signal);
  expect(first.asked).toEqual(['disk', 'login']);
  expect(await rememberEmbeddings(second.embed, { dir, embedder: 'e' })(['disk', 'login', 'disk'], signal)).toEqual(
    vectors,
  );
  expect(second.asked).toEqual([]);
});

test('another embedder has vectors of its own', async () => {
  await rememberEmbeddings(counting().embed, { dir, embedder: 'e' })(['disk'], signal);
  const other = counting();
  await rememberEmbeddings(other.embed, { dir, embedder: 'f' })(['disk'], signal);
  expect(other.asked).toEqual(['disk']);
});

test('no more vectors are kept than allowed, the oldest go', async () => {
  const options = { dir, embedder: 'e', maxVectors: 2 };
  await rememberEmbeddings(counting().embed, options)(['a', 'b', 'c'], signal);
  const second = counting();
  await rememberEmbeddings(second.embed, options)(['b', 'c', 'a'], signal);
  expect(second.asked).toEqual(['a']);
});

test('a damaged file is made anew', async () => {
  await rememberEmbeddings(counting().embed, { dir, embedder: 'e' })(['disk'], signal);
  const path = join(dir, 'e.bin');
  const bytes = await readFile(path);
  bytes[10]! ^= 1;
  await writeFile(path, bytes);
  const second = counting();
  await rememberEmbeddings(second.embed, { dir, embedder: 'e' })(['disk'], signal);
  expect(second.asked).toEqual(['disk']);
  expect(await readdir(dir)).toEqual(['e.bin']);
});

test('the cache is in the XDG folder', () => {
  expect(embeddingCacheDir({ XDG_CACHE_HOME: '/c' })).toBe('/c/logiq/embeddings');
  expect(embeddingCacheDir({ HOME: '/h', XDG_CACHE_HOME: 'relative' })).toBe('/h/.cache/logiq/embeddings');
});
