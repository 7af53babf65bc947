import { Worker } from 'node:worker_threads';
import { LogiqError } from '../errors.ts';
import type { Provider } from './device.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

/** One worker thread with an embedder in it, which does one thing at a time. */
export interface EmbedderThread {
  /** Resolves with what computes when the embedder is loaded, rejects with what kept it from loading. */
  readonly ready: Promise<Provider | undefined>;
  /** Whether the thread has ended, by itself or by `close`. */
  hasEnded(): boolean;
  /** @returns Shape [texts.length, dim]. To be called when `ready` and every earlier call have settled. */
  embed(texts: readonly string[]): Promise<Float32Array>;
  /** Resolves when the thread has ended, after what it was doing: ending a thread inside inference aborts the process. */
  close(): Promise<void>;
}

// Right from src/ and from dist/; Node 20 cannot start a worker from a .ts file.
const WORKER_URL = new URL('../../dist/embedders/worker.js', import.meta.url);

/** An idle thread does not keep the process alive, a busy one does. */
export function createThread(settings: WorkerSettings): EmbedderThread {
  const worker = new Worker(WORKER_URL, { workerData: settings, name: 'embedder' });
  let waiting: Waiting | undefined;
  let death: LogiqError | undefined;
  let isClosing = false;

  const answer = (): Promise<FromWorker> =>
    new Promise((resolve, reject) => {
      if (death !== undefined) return reject(death);
      waiting = { resolve, reject };
      worker.ref();
    });
  const die = (message: string, cause?: unknown): void => {
    death ??= new LogiqError('E_EMBEDDER', message, undefined, { cause });
    waiting?.reject(death);
  };
  worker.on('message', (message: FromWorker) => {
    if (!isClosing) worker.unref(); // else its end is still waited for
    waiting?.resolve(message);
    waiting = undefined;
  });
  worker.once('error', (cause) => die(`The embedder's thread died: ${cause.message}`, cause));
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      die("The embedder's thread has ended.");
      resolve();
    });
  });

  return {
    ready: answer().then((message) => {
      const ready = throwFailure(message);
      return ready.kind === 'ready' ? ready.provider : undefined;
    }),
    hasEnded: () => death !== undefined,
    async embed(texts) {
      post(worker, { kind: 'embed', texts });
      const message = throwFailure(await answer());
      if (message.kind !== 'vectors') throw new Error(`The embedder's thread answered "${message.kind}".`);
      return message.vectors;
    },
    async close() {
      isClosing = true;
      worker.ref();
      post(worker, { kind: 'close' });
      await ended;
    },
  };
}

interface Waiting {
  readonly resolve: (message: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message, []); // no transfers; the lint rule takes one argument for a window's postMessage
}

function throwFailure(message: FromWorker): Exclude<FromWorker, { kind: 'failure' }> {
  if (message.kind !== 'failure') return message;
  if (message.code === undefined) throw new Error(message.message);
  throw new LogiqError(message.code, message.message, message.hint);
}
