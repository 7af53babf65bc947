import { constants, open as openFile } from 'node:fs';
import { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Sink } from './sink.ts';
import { openStreamSink } from './stream-sink.ts';
import { errorCode } from './write-error.ts';

/** How often a named pipe is tried that nobody reads yet. */
const RETRY_MS = 50;

const open = promisify(openFile);

/**
 * A sink on a named pipe. It waits for a reader, as any writer does, but without blocking a thread, so that an abort can
 * end the wait.
 */
export async function openFifoSink(path: string, signal: AbortSignal): Promise<Sink> {
  const socket = new Socket({ fd: await openWhenRead(path, signal), readable: false, writable: true });
  const sink = await openStreamSink(socket, path, signal);
  return {
    ...sink,
    async commit() {
      socket.end();
      await finished(socket, { readable: false });
    },
    async discard() {
      socket.destroy();
    },
  };
}

async function openWhenRead(path: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (errorCode(error) !== 'ENXIO') throw error;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}
