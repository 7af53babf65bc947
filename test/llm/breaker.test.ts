import { expect, test } from 'vitest';
import { BREAKER_FAILURES, createBreaker, type Breaker } from '../../src/llm/breaker.ts';
import { createFakeClock } from '../helpers/fake-clock.ts';

function failTimes(breaker: Breaker, times: number): void {
  for (let failure = 0; failure < times; failure++) breaker.enter()?.fail();
}

test('it opens after five failures in a row', () => {
  const breaker = createBreaker(createFakeClock());
  failTimes(breaker, BREAKER_FAILURES - 1);
  breaker.enter()?.succeed();
  failTimes(breaker, BREAKER_FAILURES - 1);
  expect(breaker.enter()).not.toBeNull();
  failTimes(breaker, 1);
  expect(breaker.enter()).toBeNull();
});

test('after the pause one probe goes through, and success closes it', () => {
  const clock = createFakeClock();
  const breaker = createBreaker(clock);
  failTimes(breaker, 5);
  clock.advance(15_000);
  const probe = breaker.enter();
  expect(probe).not.toBeNull();
  expect(breaker.enter()).toBeNull();
  probe?.succeed();
  expect(breaker.enter()).not.toBeNull();
  expect(breaker.enter()).not.toBeNull();
});

test('each failed probe doubles the pause, up to four minutes', () => {
  const clock = createFakeClock();
  const breaker = createBreaker(clock);
  failTimes(breaker, 5);
  for (const pause of [15_000, 30_000, 60_000, 120_000, 240_000, 240_000]) {
    clock.advance(pause - 1);
    expect(breaker.enter()).toBeNull();
    clock.advance(1);
    breaker.enter()?.fail();
  }
});

test('a dropped probe lets the next one through and counts as nothing', () => {
  const clock = createFakeClock();
  const breaker = createBreaker(clock);
  failTimes(breaker, 5);
  clock.advance(15_000);
  breaker.enter()?.drop();
  breaker.enter()?.succeed();
  expect(breaker.enter()).not.toBeNull();
});

test('what is said first of a call counts', () => {
  const breaker = createBreaker(createFakeClock());
  for (let call = 0; call < 10; call++) {
    const pass = breaker.enter();
    pass?.drop();
    pass?.fail();
  }
  expect(breaker.enter()).not.toBeNull();
});
