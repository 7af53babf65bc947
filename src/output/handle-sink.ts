import type { FileHandle } from 'node:fs/promises';
import type { Sink } from './sink.ts';

/** A sink that writes to an open file as it stands. */
export function createHandleSink(name: string, handle: FileHandle): Sink {
  return {
    name,
    isTerminal: false,
    write: (chunk) => writeWhole(handle, chunk),
    commit: () => handle.close(),
    discard: () => handle.close().catch(() => {}),
  };
}

/** A write may take a part only, as on a disk that fills up; the error comes with the next. */
export async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.length - written);
    written += bytesWritten;
  }
}
