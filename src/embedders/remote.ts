import { availableParallelism } from 'node:os';
import type { Device, Provider } from './device.ts';
import type { Sha256ByFile } from './files.ts';
import { createPool } from './pool.ts';
import { forbidTelemetry } from './runtime.ts';
import { createThread } from './thread.ts';

export interface RemoteEmbedder {
  /**
   * @returns Shape [texts.length, dim], rows in input order, each of L2 norm 1.
   * @throws {LogiqError} E_MODEL_MISSING, E_MODEL_DAMAGED or E_EMBEDDER when the embedder could not be loaded.
   * @throws The signal's reason, at once, when it is aborted; inference stops after the texts that are being run.
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array>;
  /** What has computed; undefined until the first vectors are there. */
  provider(): Provider | undefined;
  /** Waits for the texts that are being run, drops the rest and ends the threads. To be called before the process ends. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Most threads that run the model; the first starts at once, each further one when texts queue up. */
  readonly threads?: number;
  /** All of them start at once, since a burst of requests should not wait for one to load, and give way to other threads. */
  readonly isServing?: boolean | undefined;
  /** Nothing is checked where absent. */
  readonly sha256?: Sha256ByFile;
  /** `cpu` where absent; an explicit one that does not work is an error of `embed`. */
  readonly device?: Device | undefined;
}

/**
 * Starts loading the embedder in another thread and returns at once; call it early, so that loading and reading overlap.
 * A failure to load comes out of `embed`.
 *
 * @param dir Folder in the layout of the Hugging Face hub.
 */
export function startEmbedder(
  dir: string,
  { threads = defaultThreads(), isServing = false, sha256 = {}, device = 'cpu' }: StartOptions = {},
): RemoteEmbedder {
  forbidTelemetry();
  const most = Math.max(1, threads);
  return createPool(
    () => createThread({ dir, intraOpThreads: 1, sha256, device, givesWay: isServing }),
    most,
    isServing ? most : 1,
  );
}

/** Texts run side by side, one thread each, which scales better than more threads on one text. */
function defaultThreads(): number {
  return Math.min(2, availableParallelism());
}
