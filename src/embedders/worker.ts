import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { LogiqError } from '../errors.ts';
import type { Embedder } from './embedder.ts';
import { loadEmbedder } from './index.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

// Entry of the embedder's thread: `session.run` blocks the thread it is called on.
const port = parentPort!;
const { dir, givesWay, ...options } = workerData as WorkerSettings;

/** Of -20 to 19: a ninth of the time of a thread at 0, where the two want the same core. */
const GIVE_WAY = 10;

if (givesWay) giveWay();
try {
  const embedder = await loadEmbedder(dir, options);
  let pending: Promise<void> = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    pending = answer(embedder, message, pending);
  });
  send({ kind: 'ready', provider: embedder.provider });
} catch (error) {
  send(failure(error));
  port.close();
}

/** On Linux every thread has a priority of its own, under its own id. Elsewhere all stay equal. */
function giveWay(): void {
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').pop()), GIVE_WAY);
  } catch {
    // no /proc, or not allowed: slower answers under load, nothing worse
  }
}

async function answer(embedder: Embedder, message: ToWorker, earlier: Promise<void>): Promise<void> {
  await earlier;
  if (message.kind === 'embed') return send(await embed(embedder, message.texts));
  await embedder.close();
  port.close(); // nothing is left to wait for, so the thread ends by itself
}

async function embed(embedder: Embedder, texts: readonly string[]): Promise<FromWorker> {
  try {
    return { kind: 'vectors', vectors: await embedder.embed(texts) };
  } catch (error) {
    return failure(error);
  }
}

/** Structured clones of errors lose class, code and hint. */
function failure(error: unknown): FromWorker {
  if (error instanceof LogiqError) {
    return { kind: 'failure', code: error.code, message: error.message, hint: error.hint };
  }
  return { kind: 'failure', code: undefined, message: String(error), hint: undefined };
}

function send(message: FromWorker): void {
  port.postMessage(message, message.kind === 'vectors' ? [message.vectors.buffer as ArrayBuffer] : []);
}
