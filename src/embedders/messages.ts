import type { ErrorCode } from '../errors.ts';
import type { Provider } from './device.ts';
import type { EmbedderOptions } from './embedder.ts';

/** What the embedder's thread is started with. */
export interface WorkerSettings extends EmbedderOptions {
  readonly dir: string;
  /** Whether other threads of the process come first where there are too few cores. */
  readonly givesWay: boolean;
}

/** One request is answered before the next is sent, so none needs a number. */
export type ToWorker = { readonly kind: 'embed'; readonly texts: readonly string[] } | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready'; readonly provider: Provider }
  /** Shape [texts, dim]; the buffer changes hands, it is not copied. */
  | { readonly kind: 'vectors'; readonly vectors: Float32Array }
  | {
      readonly kind: 'failure';
      /** Set for a LogiqError; anything else is a bug. */
      readonly code: ErrorCode | undefined;
      readonly message: string;
      readonly hint: string | undefined;
    };
