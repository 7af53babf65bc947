import pLimit from 'p-limit';

/** Calls in flight at most, fewer of them while the server pushes back. */
export interface Concurrency {
  run<T>(task: () => Promise<T>): Promise<T>;
  /** A call went through. */
  raise(): void;
  /** A call was refused for its rate. */
  halve(): void;
  readonly allowed: number;
}

/**
 * Additive increase, multiplicative decrease, as TCP does it: a refusal halves what is allowed, and as many successes as
 * are allowed at once allow one more. The first call goes alone: if the key or the model is refused it is the only one,
 * and if not, those that follow know the rate limits and find the prompt's static part in the server's cache.
 */
export function createConcurrency(maximum: number): Concurrency {
  const limit = pLimit(1);
  let successes = 0;
  let proven = false;
  return {
    run: (task) => limit(task),
    raise() {
      if (!proven) {
        proven = true;
        limit.concurrency = maximum;
      } else if (limit.concurrency < maximum && ++successes >= limit.concurrency) {
        successes = 0;
        limit.concurrency++;
      }
    },
    halve() {
      successes = 0;
      limit.concurrency = Math.max(1, Math.floor(limit.concurrency / 2));
    },
    get allowed() {
      return limit.concurrency;
    },
  };
}
