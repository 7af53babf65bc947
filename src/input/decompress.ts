import type { Buffer } from 'node:buffer';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { LogiqError } from '../errors.ts';
import type { Compression } from './signature.ts';

/** Compressed bytes handed to the decompressor at a time: what damage costs besides what comes after it. */
const SLICE_BYTES = 16 * 1024;

const CHUNK_BYTES = 64 * 1024;

/** An input may grow to this many bytes whatever its ratio. */
const MAX_BYTES_AT_ANY_RATIO = 1 << 30;

/** Beyond that, output to input at most. Logs come to 10 to 50, deflate ends at 1032. */
const MAX_RATIO = 250;

/** How a decompressed input came to its end. */
export interface Inflation {
  /** Why it ended early; what came before was delivered. */
  cut?: string;
}

/**
 * Decompresses as it is pulled. An input that is cut or damaged ends there, and `inflation` says so.
 *
 * @throws {LogiqError} E_INPUT_DAMAGED when it grows beyond all measure, E_INPUT_UNREADABLE when this Node.js has no
 *   such decompressor.
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  by: Compression,
  inflation: Inflation,
): AsyncGenerator<Buffer, void, undefined> {
  const stream = createDecompressor(by);
  const changes = watch(stream);
  let bytesIn = 0;
  let bytesOut = 0;

  /** What comes out until `isOver`. */
  async function* drain(isOver: () => boolean): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const chunk: Buffer | null = stream.read();
      if (chunk) {
        bytesOut += chunk.length;
        if (bytesOut > MAX_BYTES_AT_ANY_RATIO && bytesOut > bytesIn * MAX_RATIO) throw tooLarge(by);
        yield chunk;
      } else if (isOver() || changes.failure) return;
      else await changes.next();
    }
  }

  try {
    for await (const chunk of source) {
      for (let from = 0; from < chunk.length && !changes.failure; from += SLICE_BYTES) {
        const slice = chunk.subarray(from, from + SLICE_BYTES);
        let isWritten = false;
        bytesIn += slice.length;
        stream.write(slice, () => {
          isWritten = true;
          changes.wake();
        });
        yield* drain(() => isWritten);
      }
      if (changes.failure) break;
    }
    if (!changes.failure) {
      stream.end();
      yield* drain(() => stream.readableEnded);
    }
    if (changes.failure) inflation.cut = `${by}: ${changes.failure.message}`;
  } finally {
    stream.destroy();
  }
}

function createDecompressor(by: Compression): Transform {
  const options = { chunkSize: CHUNK_BYTES };
  if (by === 'gzip') return zlib.createGunzip(options);
  if (by === 'brotli') return zlib.createBrotliDecompress(options);
  const create = 'createZstdDecompress' in zlib ? zlib.createZstdDecompress : undefined;
  if (typeof create !== 'function') {
    throw new LogiqError(
      'E_INPUT_UNREADABLE',
      'Input is compressed by zstd, which this Node.js cannot read.',
      'Pipe it in with zstd -dc, or use Node.js 22.15 or newer.',
    );
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- newer than the types
  return (create as (options: object) => Transform)(options);
}

interface Changes {
  readonly failure: Error | undefined;
  /** Resolves at the next event. */
  next(): Promise<void>;
  wake(): void;
}

function watch(stream: Transform): Changes {
  let failure: Error | undefined;
  let wake: () => void = ignore;
  stream.on('readable', () => wake());
  stream.on('end', () => wake());
  stream.on('error', (error) => {
    failure = error;
    wake();
  });
  return {
    get failure() {
      return failure;
    },
    next: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    wake: () => wake(),
  };
}

function ignore(): void {}

function tooLarge(by: Compression): LogiqError {
  return new LogiqError(
    'E_INPUT_DAMAGED',
    `Input grows to more than ${MAX_RATIO} times its size (${by}): it looks like a decompression bomb.`,
    'If it is none, decompress it yourself and pipe it in.',
  );
}
