import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Names and values that tell one thing from another; null where a value is not set. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** Bytes from the beginning of an input that are hashed. */
const HEAD_BYTES = 64 * 1024;

/** What an input file is known by: its name may change, its size, time and beginning may not. */
export async function inputFacts(path: string): Promise<Facts> {
  const { size, mtimeMs } = await stat(path);
  return {
    bytes: size,
    modified: new Date(mtimeMs).toISOString(),
    'sha256 of its beginning': await sha256(path, HEAD_BYTES),
  };
}

/** @param bytes Hashed at most; absent: the whole file. */
export async function sha256(path: string, bytes?: number): Promise<string> {
  const hash = createHash('sha256');
  const end = bytes === undefined ? {} : { end: bytes - 1 };
  for await (const chunk of createReadStream(path, end) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}

/** What differs, for people: `threshold was 0.5 and is 0.7`. */
export function differences(then: Facts, now: Facts): string[] {
  const names = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...names]
    .filter((name) => (then[name] ?? null) !== (now[name] ?? null))
    .map((name) => `${name} was ${shown(then[name])} and is ${shown(now[name])}`);
}

function shown(value: Facts[string] | undefined): string {
  return value === null || value === undefined ? 'not set' : String(value).slice(0, 60);
}
