import type { Source } from './source.ts';

/** Counts the bytes that are read from a source. */
export function metered(source: Source, count: (bytes: number) => void): Source {
  const bytes = counted(source, count);
  return source.compression ? Object.assign(bytes, { compression: source.compression }) : bytes;
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of source) {
    count(chunk.length);
    yield chunk;
  }
}
