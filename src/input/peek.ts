import { Buffer } from 'node:buffer';

/** The beginning of an input, and the input all the same. */
export interface Peeked {
  readonly bytes: Buffer;
  /** The input has no more bytes. */
  readonly atEnd: boolean;
  /** The input from byte `from` of `bytes` on. */
  chunks(from?: number): AsyncGenerator<Buffer, void, undefined>;
}

/**
 * Takes whole chunks until `isEnough` or the input ends.
 *
 * @param isEnough Told of each chunk and of the bytes so far, that chunk included.
 */
export async function peek(
  source: AsyncIterable<Uint8Array>,
  isEnough: (chunk: Uint8Array, size: number) => boolean,
): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let size = 0;
  let atEnd = false;
  for (let enough = false; !enough;) {
    const next = await iterator.next();
    if (next.done === true) {
      atEnd = true;
      break;
    }
    taken.push(next.value);
    size += next.value.length;
    enough = isEnough(next.value, size);
  }
  const bytes = taken.length === 1 ? toBuffer(taken[0]) : Buffer.concat(taken);
  return { bytes, atEnd, chunks: (from = 0) => resume(bytes.subarray(from), iterator) };
}

async function* resume(first: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  try {
    if (first.length > 0) yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield toBuffer(next.value);
  } finally {
    await iterator.return?.();
  }
}

/** The same memory as a Buffer. */
function toBuffer(chunk: Uint8Array | undefined): Buffer {
  return chunk ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.alloc(0);
}
