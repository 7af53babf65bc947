import { nodeFiles, type Files } from './files.ts';
import { openFileSink } from './file-sink.ts';
import { openStreamSink } from './stream-sink.ts';
import type { Target } from './target.ts';
import { visibleChunks } from './terminal.ts';
import { errorCode, writeError } from './write-error.ts';

/** Something open that takes bytes. `commit` or `discard` ends it. */
export interface Sink {
  /** For people. */
  readonly name: string;
  readonly isTerminal: boolean;
  /** Answers when there is room for more. Rejects with the system's error. */
  write(chunk: Uint8Array): Promise<void>;
  /** Everything is written. */
  commit(): Promise<void>;
  /** Not everything is written, nor will be. Never rejects. */
  discard(): Promise<void>;
}

export interface WriteResult {
  /** The reader of the output went away before the end, which is its right: nothing is wrong. */
  readonly closed: boolean;
}

/**
 * Writes chunks as there is room for them, one at a time: a slow reader slows the source down.
 *
 * A target file appears whole, when everything is written, or stays as it was: also when `signal` aborts. A stream
 * gets its chunks as they come. When the reader goes away (EPIPE) or writing fails, `return()` ends the source before this
 * answers, so that everything behind it stops. The source is to end by itself when `signal` aborts.
 *
 * @throws {LogiqError} E_OUTPUT_WRITE with the reason, and whatever the source throws.
 */
export async function writeAll(
  chunks: AsyncIterable<Uint8Array>,
  target: Target,
  signal: AbortSignal,
  files: Files = nodeFiles,
): Promise<WriteResult> {
  const sink = await openSink(target, signal, files);
  if (sink === undefined) return { closed: false };
  try {
    for await (const chunk of sink.isTerminal ? visibleChunks(chunks) : chunks) {
      if (!signal.aborted) await toldAsOurs(sink.name, sink.write(chunk));
      if (signal.aborted) break;
    }
    if (signal.aborted) await sink.discard();
    else await toldAsOurs(sink.name, sink.commit());
    return { closed: false };
  } catch (error) {
    await sink.discard();
    if (error instanceof ReaderGone) return { closed: true };
    throw error;
  }
}

/** @returns Undefined when `signal` aborted first. */
async function openSink(target: Target, signal: AbortSignal, files: Files): Promise<Sink | undefined> {
  if (target.kind === 'stream') return openStreamSink(target.stream, target.name, signal);
  try {
    return await openFileSink(target.path, signal, files);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw writeError(target.path, error);
  }
}

/** What writing to a reader that went away ends with: on pipes, on sockets, on streams that noticed first. */
const GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

class ReaderGone extends Error {}

async function toldAsOurs(name: string, writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    throw GONE.has(errorCode(error)) ? new ReaderGone() : writeError(name, error);
  }
}
