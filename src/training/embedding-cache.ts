import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Embed } from '../models/feature-blocks.ts';

/** Vectors that are kept of one embedder; beyond it the oldest go. 384 numbers each: 77 MB. */
const MAX_VECTORS = 50_000;
const KEY_BYTES = 16;
/** Texts between two words on how far it is. */
const TEXTS_AT_ONCE = 256;

export interface CacheOptions {
  /** Folder that caches of all embedders are in. */
  readonly dir: string;
  /** Names the embedder: vectors of another one are another file. */
  readonly embedder: string;
  readonly maxVectors?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** `$XDG_CACHE_HOME/logiq/embeddings`, else under `~/.cache`. */
export function embeddingCacheDir(env: Readonly<Record<string, string | undefined>>): string {
  const configured = env['XDG_CACHE_HOME'];
  // the XDG specification has relative paths ignored
  const root = configured?.startsWith('/') === true ? configured : join(env['HOME'] ?? homedir(), '.cache');
  return join(root, 'logiq', 'embeddings');
}

/**
 * An embedder that remembers vectors on disk, so that a second training over the same templates runs no inference. A text's
 * vector is the same, bit for bit, whether it comes from there or not. A file that cannot be read or written costs time only.
 */
export function rememberEmbeddings(embed: Embed, options: CacheOptions): Embed {
  const { dir, embedder, maxVectors = MAX_VECTORS, onProgress = () => {} } = options;
  const path = join(dir, `${embedder}.bin`);
  return async (texts, signal) => {
    const known = await readVectors(path);
    const keys = texts.map(keyOf);
    const missing = [...new Map(keys.map((key, at) => [key, texts[at]!])).entries()].filter(([key]) => !known.has(key));
    try {
      for (let from = 0; from < missing.length; from += TEXTS_AT_ONCE) {
        onProgress(from, missing.length);
        const part = missing.slice(from, from + TEXTS_AT_ONCE);
        const vectors = await embed(
          part.map(([, text]) => text),
          signal,
        );
        const dim = vectors.length / part.length;
        for (const [at, [key]] of part.entries()) known.set(key, vectors.slice(at * dim, (at + 1) * dim));
      }
    } finally {
      // also after an abort: what was embedded need not be again
      if (missing.length > 0) await writeVectors(path, known, maxVectors).catch(() => {});
    }
    return gather(keys, known);
  };
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest().toString('latin1', 0, KEY_BYTES);
}

function gather(keys: readonly string[], known: ReadonlyMap<string, Float32Array>): Float32Array {
  const dim = known.get(keys[0] ?? '')?.length ?? 0;
  const all = new Float32Array(keys.length * dim);
  for (const [at, key] of keys.entries()) all.set(known.get(key)!, at * dim);
  return all;
}

/** The file: the vectors' length as uint32, then key and vector of each, oldest first, then the sha256 of all that. */
async function readVectors(path: string): Promise<Map<string, Float32Array>> {
  const known = new Map<string, Float32Array>();
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const end = bytes.length - 32;
  if (end < 4 || !createHash('sha256').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end)))
    return known;
  const dim = bytes.readUInt32LE(0);
  const size = KEY_BYTES + 4 * dim;
  for (let at = 4; at + size <= end; at += size) {
    const own = Uint8Array.prototype.slice.call(bytes, at + KEY_BYTES, at + size);
    known.set(bytes.toString('latin1', at, at + KEY_BYTES), new Float32Array(own.buffer, own.byteOffset, dim));
  }
  return known;
}

async function writeVectors(path: string, known: ReadonlyMap<string, Float32Array>, max: number): Promise<void> {
  const kept = [...known].slice(-max);
  const dim = kept[0]?.[1].length ?? 0;
  const size = KEY_BYTES + 4 * dim;
  const bytes = Buffer.alloc(4 + kept.length * size);
  bytes.writeUInt32LE(dim, 0);
  for (const [at, [key, vector]] of kept.entries()) {
    bytes.write(key, 4 + at * size, 'latin1');
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), 4 + at * size + KEY_BYTES);
  }
  await mkdir(join(path, '..'), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]));
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
