import { setMaxListeners } from 'node:events';

/** A signal that is aborted when one of several is; whoever makes it unlinks it when done. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  unlink(): void;
}

/**
 * `AbortSignal.any` for sources that outlive what they are linked to by far: on Node 20 each signal it makes that was ever
 * listened to stays in memory for as long as its sources do.
 */
export function linkSignals(...sources: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController();
  const links = sources.map((source) => ({ source, onAbort: () => controller.abort(source.reason) }));
  for (const { source, onAbort } of links) {
    if (source.aborted) onAbort();
    setMaxListeners(0, source); // hundreds of calls may hang on the signal of one run, and all let go of it
    source.addEventListener('abort', onAbort, { once: true });
  }
  return {
    signal: controller.signal,
    unlink: () => {
      for (const { source, onAbort } of links) source.removeEventListener('abort', onAbort);
    },
  };
}
