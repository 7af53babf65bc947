import { expect, test } from 'vitest';
import { createRateLimits } from '../../src/llm/rate-limits.ts';
import { durationMs } from '../../src/llm/retry-after.ts';
import { createFakeClock } from '../helpers/fake-clock.ts';

const idle = new AbortController().signal;
const headers = (limit: number, remaining: number, reset: string, kind = 'tokens') =>
  new Map([
    [`x-ratelimit-limit-${kind}`, String(limit)],
    [`x-ratelimit-remaining-${kind}`, String(remaining)],
    [`x-ratelimit-reset-${kind}`, reset],
  ]);

test('without headers nothing waits', async () => {
  const clock = createFakeClock();
  const limits = createRateLimits(clock);
  for (let call = 0; call < 100; call++) await limits.enter(1000, idle);
  expect(clock.slept).toEqual([]);
});

test('a call waits until the bucket holds its tokens', async () => {
  const clock = createFakeClock();
  const limits = createRateLimits(clock);
  limits.observe(headers(8000, 2000, '45s')); // 6000 tokens in 45 s
  await limits.enter(1500, idle);
  expect(clock.slept).toEqual([]);
  await limits.enter(1500, idle);
  expect(clock.slept).toEqual([7500]); // 1000 are missing
});

test('requests run out as tokens do', async () => {
  const clock = createFakeClock();
  const limits = createRateLimits(clock);
  limits.observe(headers(30, 0, '60s', 'requests'));
  await limits.enter(1, idle);
  expect(clock.slept).toEqual([2000]);
});

test('a bucket fills while nothing is sent, and no further than it holds', async () => {
  const clock = createFakeClock();
  const limits = createRateLimits(clock);
  limits.observe(headers(1000, 0, '10s'));
  clock.advance(3_600_000);
  await limits.enter(1000, idle);
  expect(clock.slept).toEqual([]);
  await limits.enter(500, idle);
  expect(clock.slept).toEqual([5000]);
});

test('a call that is larger than the bucket goes once it is full', async () => {
  const clock = createFakeClock();
  const limits = createRateLimits(clock);
  limits.observe(headers(1000, 500, '5s'));
  await limits.enter(5000, idle);
  expect(clock.slept).toEqual([5000]);
});

test('no wait is longer than a minute, whatever the headers say', async () => {
  const clock = createFakeClock();
  const limits = createRateLimits(clock);
  limits.observe(headers(1000, 0, '24h', 'requests'));
  await limits.enter(1, idle);
  expect(clock.slept).toEqual([60_000]);
});

test('a pause holds back every call until it is over', async () => {
  const clock = createFakeClock();
  const limits = createRateLimits(clock);
  limits.pause(20_000);
  await limits.enter(1, idle);
  await limits.enter(1, idle);
  expect(clock.slept).toEqual([20_000]);
});

test.each([
  ['nonsense', new Map([['x-ratelimit-limit-tokens', 'many']])],
  ['a limit of zero', headers(0, 0, '1s')],
  ['a negative rest', headers(1000, -5, '1s')],
  ['no time', headers(1000, 0, 'soon')],
])('%s in the headers is no limit', async (_what, given) => {
  const clock = createFakeClock();
  const limits = createRateLimits(clock);
  limits.observe(given);
  await limits.enter(1_000_000, idle);
  expect(clock.slept).toEqual([]);
});

test('a wait is aborted with its reason', async () => {
  const limits = createRateLimits(createFakeClock());
  limits.pause(1000);
  await expect(limits.enter(1, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});

test.each([
  ['2m59.56s', 179_560],
  ['7.66s', 7660],
  ['120ms', 120],
  ['1h', 3_600_000],
  ['6', 6000],
  ['', undefined],
  ['soon', undefined],
  ['-1s', undefined],
  ['1s later', undefined],
])('the duration %j is %d ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});
