import type { Breaker } from './breaker.ts';
import type { Budget } from './budget.ts';
import type { Clock } from './clock.ts';
import type { Concurrency } from './concurrency.ts';
import { costUsd, estimateInputTokens } from './cost.ts';
import { linkSignals } from './linked-signal.ts';
import type { Meter } from './meter.ts';
import { mayPass, ProviderFailure, type Completion, type Prompt, type Provider } from './provider.ts';
import type { RateLimits } from './rate-limits.ts';
import { retryAfterMs } from './retry-after.ts';
import { budgetSpent, deadlineReached, stopFor } from './stopped.ts';

/** Attempts after the first one. */
export const MAX_RETRIES = 4;
/** Milliseconds from the start of a call after which it is given up, waits included. */
export const CALL_DEADLINE_MS = 180_000;
/** Milliseconds before the first retry; each further one waits twice as long, up to the maximum. */
const BACK_OFF_MS = 500;
const MAX_BACK_OFF_MS = 8_000;

export interface CallerParts {
  readonly provider: Provider;
  readonly limits: RateLimits;
  readonly breaker: Breaker;
  readonly budget: Budget;
  readonly concurrency: Concurrency;
  readonly meter: Meter;
  readonly clock: Clock;
  /** Epoch milliseconds after which nothing is sent and nothing waited for; may be `Infinity`. */
  readonly deadlineAt: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * Makes one call, as often as it takes and within every limit there is.
 *
 * @param check Whether the server did its part; a completion that fails it counts as a failure, but is not asked for again.
 * @returns The completion, whatever `check` says of it; `refused` when the server will not have this very prompt; `null`
 *   when no answer is to be had.
 * @throws The reason of `signal` when that is aborted, at once.
 */
export type Call = (
  prompt: Prompt,
  check: (completion: Completion) => boolean,
  signal: AbortSignal,
) => Promise<Completion | 'refused' | null>;

export function createCaller(parts: CallerParts): Call {
  const { clock, deadlineAt, meter } = parts;
  return async (prompt, check, signal) => {
    const alarm = clock.alarm(Math.min(deadlineAt, clock.now() + CALL_DEADLINE_MS));
    const linked = linkSignals(signal, alarm.signal);
    try {
      return await callUntil(parts, prompt, check, linked.signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!alarm.signal.aborted) throw error;
      if (clock.now() >= deadlineAt) meter.stop(deadlineReached);
      return null;
    } finally {
      linked.unlink();
      alarm.cancel();
    }
  };
}

async function callUntil(
  parts: CallerParts,
  prompt: Prompt,
  check: (completion: Completion) => boolean,
  signal: AbortSignal,
): Promise<Completion | 'refused' | null> {
  const { limits, meter, clock, deadlineAt } = parts;
  const tokens = estimateInputTokens(prompt) + prompt.maxOutputTokens;
  for (let attempt = 0; ; attempt++) {
    if (clock.now() >= deadlineAt) meter.stop(deadlineReached);
    if (meter.stopped !== undefined) return null;
    await limits.enter(tokens, signal);
    const outcome = await attemptOnce(parts, prompt, check, signal, attempt);
    if (!(outcome instanceof ProviderFailure)) return outcome;
    if (outcome.kind === 'request') return 'refused';
    if (!mayPass(outcome.kind) || attempt === MAX_RETRIES) return null;
    await clock.sleep(backOffMs(outcome, attempt, parts), signal);
  }
}

async function attemptOnce(
  { provider, limits, breaker, budget, concurrency, meter, clock }: CallerParts,
  prompt: Prompt,
  check: (completion: Completion) => boolean,
  signal: AbortSignal,
  attempt: number,
): Promise<Completion | ProviderFailure | null> {
  const reservation = await budget.reserve(prompt, signal);
  if (reservation === null) meter.stop(budgetSpent);
  // asked last, since a pass has to be given back; another worker may have stopped everything during the waits
  const pass = meter.stopped === undefined ? breaker.enter() : null;
  if (reservation === null || pass === null) {
    reservation?.settle(0);
    return null;
  }

  meter.count('calls');
  if (attempt > 0) meter.count('retries');
  try {
    const completion = await provider.complete(prompt, signal);
    limits.observe(completion.headers);
    concurrency.raise();
    if (completion.usage === null) {
      reservation.settle();
    } else {
      meter.addTokens(completion.usage);
      reservation.settle(provider.price === null ? 0 : costUsd(completion.usage, provider.price));
    }
    if (check(completion)) {
      pass.succeed();
    } else {
      pass.fail();
      meter.fail('The answer is not what was asked for.');
    }
    return completion;
  } catch (error) {
    // whatever else was thrown (an abort, a bug), the call may have been billed
    if (!(error instanceof ProviderFailure)) {
      pass.drop();
      reservation.settle();
      throw error;
    }
    meter.fail(error.message);
    limits.observe(error.headers);
    reservation.settle(isUnbilled(error) ? 0 : undefined);
    const stop = stopFor(error, provider);
    if (stop !== undefined) meter.stop(stop);
    if (error.kind === 'rate_limit') {
      concurrency.halve();
      limits.pause(retryAfterMs(error.headers, clock.now()) ?? 0);
      // a busy account is not a broken server, unless it stays so
      if (attempt < MAX_RETRIES) pass.drop();
    }
    pass.fail();
    return error;
  }
}

/** A request that was turned away costs nothing; one whose answer got lost may have been worked on. */
function isUnbilled({ kind }: ProviderFailure): boolean {
  return kind !== 'timeout' && kind !== 'malformed' && kind !== 'network';
}

/** Exponential with jitter, so that workers that failed together do not come back together. */
function backOffMs(failure: ProviderFailure, attempt: number, { clock, random }: CallerParts): number {
  const asked = retryAfterMs(failure.headers, clock.now()) ?? 0;
  const ceiling = Math.min(BACK_OFF_MS * 2 ** attempt, MAX_BACK_OFF_MS);
  return asked + ceiling * (0.5 + random() / 2);
}
