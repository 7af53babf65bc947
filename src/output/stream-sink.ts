import { fstat, write as writeBytes } from 'node:fs';
import { promisify } from 'node:util';
import type { Sink } from './sink.ts';
import type { OutputStream } from './target.ts';

/** After an abort, a reader has this long to take the rows that are on their way. */
const GRACE_MS = 250;

const status = promisify(fstat);
const write = promisify(writeBytes);

/** A sink on a stream that is open already and stays open. */
export async function openStreamSink(stream: OutputStream, name: string, signal: AbortSignal): Promise<Sink> {
  const isTerminal = stream.isTTY === true;
  const descriptor = isTerminal ? undefined : await fileBehind(stream);
  if (descriptor !== undefined) return createDescriptorSink(descriptor, name);

  stream.on('error', ignore); // every error comes to the callback of its write
  return {
    name,
    isTerminal,
    write: (chunk) => writeToStream(stream, chunk, signal),
    async commit() {
      stream.removeListener('error', ignore);
    },
    async discard() {}, // the listener stays: a broken pipe complains again when the process ends
  };
}

/**
 * Standard output that is a file or a device is written without its stream, which takes a short write for a whole one:
 * rows would be lost on a disk that fills up.
 */
async function fileBehind({ fd }: OutputStream): Promise<number | undefined> {
  if (typeof fd !== 'number') return undefined;
  const found = await status(fd).catch(() => undefined);
  return found?.isFile() === true || found?.isCharacterDevice() === true ? fd : undefined;
}

function createDescriptorSink(descriptor: number, name: string): Sink {
  return {
    name,
    isTerminal: false,
    async write(chunk) {
      for (let written = 0; written < chunk.length;) {
        written += (await write(descriptor, chunk, written, chunk.length - written, null)).bytesWritten;
      }
    },
    async commit() {},
    async discard() {},
  };
}

/** Answers when the chunk has left, or a while after `signal` aborted: a reader that stands still must not hold us. */
function writeToStream(stream: OutputStream, chunk: Uint8Array, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      grace = setTimeout(resolve, GRACE_MS);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    stream.write(chunk, (error) => {
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
      if (error) reject(error);
      else resolve();
    });
  });
}

function ignore(): void {}
