import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBudget } from '../../src/llm/budget.ts';
import { worstCostUsd } from '../../src/llm/cost.ts';
import { openLedger } from '../../src/llm/ledger.ts';
import { buildPrompt } from '../../src/llm/prompt.ts';
import { createRandom } from '../helpers/random.ts';

const price = { input: 1, cachedInput: 0.5, output: 4 };
const prompt = buildPrompt(['disk full'], [{ label: 'storage', meaning: 'disks' }]);
const worst = worstCostUsd(prompt, price);
const idle = new AbortController().signal;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logiq-budget-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a call that could pass the cap is not made', async () => {
  const budget = createBudget({ maxCostUsd: worst * 1.5, price });
  const first = await budget.reserve(prompt, idle);
  first?.settle(worst);
  expect(await budget.reserve(prompt, idle)).toBeNull();
  expect(budget.spentUsd()).toBe(worst);
});

test('a call waits while only an open reservation stands in its way, and then goes', async () => {
  const budget = createBudget({ maxCostUsd: worst * 1.5, price });
  const first = await budget.reserve(prompt, idle);
  const second = budget.reserve(prompt, idle);
  first?.settle(worst / 10);
  expect(await second).not.toBeNull();
});

test('a wait for the budget is aborted with its reason', async () => {
  const abort = new AbortController();
  const budget = createBudget({ maxCostUsd: worst, price });
  await budget.reserve(prompt, idle);
  const waiting = budget.reserve(prompt, abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('a call of which nobody knows the cost stays spent as reserved', async () => {
  const budget = createBudget({ maxCostUsd: 1, price });
  (await budget.reserve(prompt, idle))?.settle();
  expect(budget.spentUsd()).toBe(worst);
});

test('settling twice counts once', async () => {
  const budget = createBudget({ maxCostUsd: 1, price });
  const reservation = await budget.reserve(prompt, idle);
  reservation?.settle(0.1);
  reservation?.settle(0.1);
  expect(budget.spentUsd()).toBe(0.1);
});

test('many workers with costs by lot never spend more than the cap', async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = createRandom(seed);
    const cap = worst * (1 + 20 * random());
    const budget = createBudget({ maxCostUsd: cap, price });
    const worker = async (): Promise<void> => {
      for (;;) {
        const reservation = await budget.reserve(prompt, idle);
        if (reservation === null) return;
        await new Promise((resolve) => setImmediate(resolve));
        reservation.settle(worst * random());
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(budget.spentUsd()).toBeLessThanOrEqual(cap);
    expect(budget.spentUsd()).toBeGreaterThan(cap - worst);
  }
});

test('calls are capped too', async () => {
  const budget = createBudget({ maxCalls: 2, price: null });
  expect(await budget.reserve(prompt, idle)).not.toBeNull();
  expect(await budget.reserve(prompt, idle)).not.toBeNull();
  expect(await budget.reserve(prompt, idle)).toBeNull();
});

test('a cap on cost without a known price is refused', () => {
  expect(() => createBudget({ maxCostUsd: 1, price: null })).toThrow('A cost limit needs a price');
});

test('the ledger carries over what was spent, and a call without an end counts as reserved', async () => {
  const path = join(folder, 'state', 'ledger.jsonl');
  const first = createBudget({ maxCostUsd: 1, price, ledger: openLedger(path, 'run-1') });
  (await first.reserve(prompt, idle))?.settle(0.25);
  await first.reserve(prompt, idle); // and then the process is killed, in the middle of a line
  appendFileSync(path, '{"id":"run-1:3","rese');

  const second = createBudget({ maxCostUsd: 1, maxCalls: 4, price, ledger: openLedger(path, 'run-2') });
  expect(second.spentUsd()).toBeCloseTo(0.25 + worst, 12);
  (await second.reserve(prompt, idle))?.settle(0.5);

  const third = openLedger(path, 'run-3');
  expect(third.spentUsd).toBeCloseTo(0.75 + worst, 12);
  expect(third.calls).toBe(3);
});
