import { LogiqError } from '../errors.ts';
import type { Provider } from './device.ts';
import type { RemoteEmbedder } from './remote.ts';
import type { EmbedderThread } from './thread.ts';

/** Texts in one message to a thread: what an abort or `close` has to wait for, about 15 ms of log templates. */
export const TEXTS_PER_MESSAGE = 8;

/** Texts of several callers that share a message: their requests cost less that way, but the first waits for the last. */
export const TEXTS_TOGETHER = 4;

/** Texts that must be waiting before another thread is worth its start-up (about 0.2 s of one core, 100 MB). */
export const TEXTS_BEFORE_NEXT_THREAD = 64;

/**
 * Shares texts out among threads.
 *
 * @param atOnce Threads that start at once; each further one when texts queue up.
 */
export function createPool(startThread: () => EmbedderThread, maxThreads: number, atOnce = 1): RemoteEmbedder {
  const threads: EmbedderThread[] = [];
  const idle: EmbedderThread[] = [];
  const queue: Chunk[] = [];
  let failure: Error | undefined;
  let loaded: Provider | undefined;
  let provider: Provider | undefined;

  const fail = (error: Error): void => {
    failure ??= error;
    for (const chunk of queue.splice(0)) chunk.reject(failure);
  };
  const addThread = (): void => {
    const thread = startThread();
    threads.push(thread);
    void whenReady(thread);
  };
  const whenReady = async (thread: EmbedderThread): Promise<void> => {
    try {
      const used = await thread.ready; // each thread's own: an assignment by ??= would not wait for the second
      loaded ??= used;
      release(thread);
    } catch (error) {
      fail(error as Error);
    }
  };
  const release = (thread: EmbedderThread): void => {
    idle.push(thread);
    handOut();
  };
  const handOut = (): void => {
    while (queue.length > 0 && idle.length > 0) void run(idle.pop()!, takeTogether(queue));
    const isLoading = threads.length > idle.length + running;
    if (!isLoading && threads.length < maxThreads && queue.length * TEXTS_PER_MESSAGE >= TEXTS_BEFORE_NEXT_THREAD)
      addThread();
  };
  let running = 0;
  const run = async (thread: EmbedderThread, chunks: readonly Chunk[]): Promise<void> => {
    running++;
    try {
      const vectors = await thread.embed(chunks.flatMap(({ texts }) => texts));
      provider ??= loaded;
      answerEach(chunks, vectors);
    } catch (error) {
      for (const chunk of chunks) chunk.reject(error as Error);
      if (thread.hasEnded()) fail(error as Error);
    } finally {
      running--;
    }
    if (failure === undefined) release(thread);
  };

  while (threads.length < atOnce) addThread();
  return {
    async embed(texts, signal) {
      signal.throwIfAborted();
      if (failure !== undefined) throw failure;
      const parts: Array<Promise<Float32Array>> = [];
      const chunks: Chunk[] = [];
      for (let start = 0; start < texts.length; start += TEXTS_PER_MESSAGE) {
        const part = texts.slice(start, start + TEXTS_PER_MESSAGE);
        parts.push(new Promise((resolve, reject) => chunks.push({ texts: part, resolve, reject })));
      }
      const abort = (): void => {
        for (const chunk of chunks) {
          const at = queue.indexOf(chunk);
          if (at !== -1) queue.splice(at, 1);
          chunk.reject(signal.reason as Error);
        }
      };
      queue.push(...chunks);
      signal.addEventListener('abort', abort, { once: true });
      handOut();
      try {
        return concatenate(await Promise.all(parts));
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    provider: () => provider,
    async close() {
      fail(new LogiqError('E_EMBEDDER', 'The embedder is closed.'));
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** Takes the oldest chunk out of the queue, and those behind it that may share its message. */
function takeTogether(queue: Chunk[]): Chunk[] {
  let texts = 0;
  const end = queue.findIndex((chunk) => (texts += chunk.texts.length) > TEXTS_TOGETHER);
  return queue.splice(0, end === -1 ? queue.length : Math.max(1, end));
}

/** @param vectors Of the chunks' texts, one after the other. */
function answerEach(chunks: readonly Chunk[], vectors: Float32Array): void {
  const dim = vectors.length / chunks.reduce((sum, { texts }) => sum + texts.length, 0);
  let start = 0;
  for (const { texts, resolve } of chunks) resolve(vectors.subarray(start, (start += texts.length * dim)));
}

interface Chunk {
  readonly texts: readonly string[];
  readonly resolve: (vectors: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first;
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
