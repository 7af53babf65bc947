import { Worker } from 'node:worker_threads';
import type { FeaturePart, Features } from './features.ts';
import type { Fit, FitOptions } from './train.ts';

/** What a thread needs to fit a head. */
export interface FitJob {
  readonly parts: readonly FeaturePart[];
  readonly labels: readonly number[];
  readonly options: FitOptions;
}

// Right from src/ and from dist/; Node 20 cannot start a worker from a .ts file.
const THREAD_URL = new URL('../../dist/head/fit-thread.js', import.meta.url);

/**
 * `fitHead` in a thread of its own, which gets a copy of the features.
 *
 * @throws The signal's reason when it is aborted.
 */
export function fitInThread(
  features: Features,
  labels: readonly number[],
  options: FitOptions,
  signal: AbortSignal,
): Promise<Fit> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const job: FitJob = { parts: features.parts, labels, options };
    const thread = new Worker(THREAD_URL, { workerData: job, name: 'fit' });
    const stop = (): void => {
      reject(signal.reason as Error);
      void thread.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('The thread of a fit ended without an answer.')); // without effect after one
    });
  });
}
