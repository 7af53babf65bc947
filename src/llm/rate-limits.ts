import type { Clock } from './clock.ts';
import { durationMs, MAX_RETRY_AFTER_MS } from './retry-after.ts';

/** Keeps calls within what the server says it will take, so that most of them are never refused. */
export interface RateLimits {
  /**
   * Waits until a call of `tokens` should be let through, `MAX_RETRY_AFTER_MS` at most, and counts it as sent.
   *
   * @throws The reason of `signal` when that is aborted meanwhile.
   */
  enter(tokens: number, signal: AbortSignal): Promise<void>;
  /** Takes over what the response headers of a call say is left. */
  observe(headers: ReadonlyMap<string, string>): void;
  /** Holds every further call back for `ms`: a limit belongs to the account, so all workers share it. */
  pause(ms: number): void;
}

/** A token bucket that fills evenly. */
interface Bucket {
  /** What it holds when it is full. */
  readonly limit: number;
  /** What it held at `asOf`; negative when calls wait for it. */
  readonly left: number;
  readonly asOf: number;
  /** Units a millisecond. */
  readonly rate: number;
}

/**
 * Reads `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`. `reset` is the time until the bucket is full again, so
 * rate = (limit - remaining) / reset. Without such headers nothing waits but for `pause`.
 */
export function createRateLimits(clock: Clock): RateLimits {
  const buckets = new Map<string, Bucket>();
  let pausedUntil = 0;

  return {
    async enter(tokens, signal) {
      const now = clock.now();
      let until = pausedUntil;
      for (const [kind, need] of [
        ['requests', 1],
        ['tokens', tokens],
      ] as const) {
        const bucket = buckets.get(kind);
        if (bucket === undefined) continue;
        const taken = take(bucket, need, now);
        buckets.set(kind, taken); // before the wait: the next to come queues behind this one
        if (taken.left < 0) until = Math.max(until, now - taken.left / taken.rate);
      }
      if (until > now) await clock.sleep(Math.min(until - now, MAX_RETRY_AFTER_MS), signal);
    },
    observe(headers) {
      for (const kind of ['requests', 'tokens'] as const) {
        const bucket = readBucket(headers, kind, clock.now());
        if (bucket !== undefined) buckets.set(kind, bucket);
      }
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
  };
}

/** A call that is larger than the bucket takes all of it. */
function take(bucket: Bucket, need: number, now: number): Bucket {
  const holds = Math.min(bucket.limit, bucket.left + bucket.rate * (now - bucket.asOf));
  return { ...bucket, left: holds - Math.min(need, bucket.limit), asOf: now };
}

function readBucket(headers: ReadonlyMap<string, string>, kind: string, now: number): Bucket | undefined {
  const limit = Number(headers.get(`x-ratelimit-limit-${kind}`) ?? Number.NaN);
  const left = Number(headers.get(`x-ratelimit-remaining-${kind}`) ?? Number.NaN);
  const resetMs = durationMs(headers.get(`x-ratelimit-reset-${kind}`) ?? '');
  if (!(limit > 0) || !(left >= 0) || resetMs === undefined) return undefined;
  // a full bucket says nothing of its rate: taken for one that fills at once
  const rate = left < limit && resetMs > 0 ? (limit - left) / resetMs : limit;
  return { limit, left, asOf: now, rate };
}
