import { setTimeout as delay } from 'node:timers/promises';

/** Time as the LLM stage sees it; tests hand in one that jumps. */
export interface Clock {
  /** Milliseconds since the epoch that never go back. */
  now(): number;
  /** @throws The reason of `signal` when that is aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Its signal aborts once `now()` reaches `at`. Whoever sets it cancels it. */
  alarm(at: number): { readonly signal: AbortSignal; cancel(): void };
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
  alarm(at) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), Math.max(0, at - systemClock.now()));
    return { signal: controller.signal, cancel: () => clearTimeout(timer) };
  },
};
