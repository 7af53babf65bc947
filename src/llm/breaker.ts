import type { Clock } from './clock.ts';

/** Failures in a row after which nothing is sent for a while. */
export const BREAKER_FAILURES = 5;
/** Milliseconds of the first pause; each failed probe doubles it, up to `BREAKER_MAX_PAUSE_MS`. */
export const BREAKER_PAUSE_MS = 15_000;
export const BREAKER_MAX_PAUSE_MS = 240_000;

/** What became of one call that was let through; the first of the three counts. */
export interface Pass {
  succeed(): void;
  fail(): void;
  /** It was aborted, or refused for a reason that says nothing about the server's health. */
  drop(): void;
}

export interface Breaker {
  /** `null`: the server is taken to be down and this call is not to be made. */
  enter(): Pass | null;
  /** Whether the server is taken to be down: nothing has come from it since `BREAKER_FAILURES` failures in a row. */
  readonly isOpen: boolean;
}

/** A circuit breaker: closed, open after `BREAKER_FAILURES`, and half-open with one probe once the pause is over. */
export function createBreaker(clock: Clock): Breaker {
  let failures = 0;
  let openUntil = 0;
  let pauseMs = BREAKER_PAUSE_MS;
  let probing = false;

  return {
    get isOpen() {
      return failures >= BREAKER_FAILURES;
    },
    enter() {
      const probe = failures >= BREAKER_FAILURES;
      if (probe && (probing || clock.now() < openUntil)) return null;
      if (probe) probing = true;
      let done = false;
      const end = (then: () => void) => (): void => {
        if (done) return;
        done = true;
        if (probe) probing = false;
        then();
      };
      return {
        succeed: end(() => {
          failures = 0;
          pauseMs = BREAKER_PAUSE_MS;
        }),
        fail: end(() => {
          failures++;
          if (failures < BREAKER_FAILURES) return;
          if (probe) pauseMs = Math.min(pauseMs * 2, BREAKER_MAX_PAUSE_MS);
          openUntil = clock.now() + pauseMs;
        }),
        drop: end(() => {}),
      };
    },
  };
}
