import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { openFifoSink } from './fifo-sink.ts';
import type { Files } from './files.ts';
import { createHandleSink } from './handle-sink.ts';
import { openReplacement } from './replacement.ts';
import type { Sink } from './sink.ts';
import { errorCode } from './write-error.ts';

/** The names of open descriptors: what is behind them is somebody's already. */
const DESCRIPTOR = /^\/(?:dev|proc\/(?:self|\d+))\/fd\//;

/**
 * Opens a file by its absolute path. A regular or new one is replaced when all is written; a device, a pipe or an open
 * descriptor is written as it stands.
 *
 * Rejects with the system's error, or when `signal` aborts while nobody reads a named pipe.
 */
export async function openFileSink(path: string, signal: AbortSignal, files: Files): Promise<Sink> {
  const old = await statusOf(path, files);
  if (old?.isFIFO() === true) return openFifoSink(path, signal);
  if (old?.isFile() === false || DESCRIPTOR.test(path)) {
    return createHandleSink(path, await files.open(path, constants.O_WRONLY | constants.O_APPEND));
  }
  return openReplacement(path, old, files);
}

async function statusOf(path: string, files: Files): Promise<Stats | undefined> {
  try {
    return await files.stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
