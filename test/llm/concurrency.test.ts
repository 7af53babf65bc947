import { expect, test } from 'vitest';
import { createConcurrency } from '../../src/llm/concurrency.ts';

test('the first call goes alone, and once it went through the others follow', () => {
  const concurrency = createConcurrency(4);
  expect(concurrency.allowed).toBe(1);
  concurrency.raise();
  expect(concurrency.allowed).toBe(4);
});

test('a refusal halves it, down to one; successes bring it back, up to the maximum', () => {
  const concurrency = createConcurrency(8);
  concurrency.raise();
  concurrency.halve();
  expect(concurrency.allowed).toBe(4);
  for (let refusal = 0; refusal < 5; refusal++) concurrency.halve();
  expect(concurrency.allowed).toBe(1);
  concurrency.raise();
  expect(concurrency.allowed).toBe(2);
  concurrency.raise();
  expect(concurrency.allowed).toBe(2);
  concurrency.raise();
  expect(concurrency.allowed).toBe(3);
  for (let success = 0; success < 100; success++) concurrency.raise();
  expect(concurrency.allowed).toBe(8);
});

test('no more tasks run at once than are allowed', async () => {
  const concurrency = createConcurrency(2);
  concurrency.raise();
  let running = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  await Promise.all(Array.from({ length: 10 }, () => concurrency.run(task)));
  expect(most).toBe(2);
});
