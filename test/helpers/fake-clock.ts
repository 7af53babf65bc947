import type { Clock } from '../../src/llm/clock.ts';

export interface FakeClock extends Clock {
  /** Every wait asked for, in milliseconds. */
  readonly slept: readonly number[];
  advance(ms: number): void;
}

/** Sleeping takes no time but moves the clock, and sets off the alarms that it passes. */
export function createFakeClock(start = Date.parse('2026-06-01T00:00:00Z')): FakeClock {
  let now = start;
  const slept: number[] = [];
  const alarms = new Set<{ at: number; controller: AbortController }>();
  const advance = (ms: number): void => {
    now += ms;
    for (const alarm of alarms) if (now >= alarm.at) alarm.controller.abort();
  };
  return {
    slept,
    advance,
    now: () => now,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
      advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
    alarm(at) {
      const alarm = { at, controller: new AbortController() };
      alarms.add(alarm);
      return { signal: alarm.controller.signal, cancel: () => alarms.delete(alarm) };
    },
  };
}
