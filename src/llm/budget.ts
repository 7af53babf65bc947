import { LogiqError } from '../errors.ts';
import { worstCostUsd } from './cost.ts';
import type { Ledger } from './ledger.ts';
import type { Price, Prompt } from './provider.ts';

export interface BudgetOptions {
  /** US dollars. Absent: no cap. */
  readonly maxCostUsd?: number;
  /** Requests sent, refused ones included. Absent: no cap. */
  readonly maxCalls?: number;
  readonly price: Price | null;
  /** What earlier runs spent counts, and this run's spending outlives a crash. */
  readonly ledger?: Ledger;
}

/** The right to make one call. */
export interface Reservation {
  /** @param costUsd What it did cost; absent when nobody knows, and then it stays spent as reserved. */
  settle(costUsd?: number): void;
}

export interface Budget {
  /**
   * Sets aside what a call may cost at most, before it is sent, so that concurrent calls cannot overspend together.
   * Where only open reservations stand in the way it waits for one to be settled: most cost far less than reserved.
   *
   * @returns `null` when the budget is spent.
   * @throws The reason of `signal` when that is aborted meanwhile.
   */
  reserve(prompt: Prompt, signal: AbortSignal): Promise<Reservation | null>;
  /** Dollars spent, those of earlier runs in the ledger included. */
  spentUsd(): number;
}

/** @throws {LogiqError} E_SETTING when dollars are capped and the model's price is not known. */
export function createBudget(options: BudgetOptions): Budget {
  const { maxCostUsd = Infinity, maxCalls = Infinity, price, ledger } = options;
  if (options.maxCostUsd !== undefined && price === null) {
    throw new LogiqError(
      'E_SETTING',
      'A cost limit needs a price, and the price of this model is not known.',
      'Limit calls instead of cost (--max-llm-calls), or choose a model with a known price.',
    );
  }
  let spent = ledger?.spentUsd ?? 0;
  let calls = ledger?.calls ?? 0;
  let reserved = 0;
  const waiting = new Set<() => void>();

  function open(worst: number): Reservation {
    calls++;
    reserved += worst;
    const entry = ledger?.reserve(worst);
    let done = false;
    return {
      settle(costUsd = worst) {
        if (done) return;
        done = true;
        reserved -= worst;
        spent += costUsd;
        entry?.settle(costUsd);
        for (const wake of waiting) wake();
      },
    };
  }

  return {
    async reserve(prompt, signal) {
      const worst = price === null ? 0 : worstCostUsd(prompt, price);
      for (;;) {
        signal.throwIfAborted();
        if (calls >= maxCalls || spent + worst > maxCostUsd) return null;
        if (spent + reserved + worst <= maxCostUsd) return open(worst);
        await nextSettlement(waiting, signal);
      }
    },
    spentUsd: () => spent,
  };
}

function nextSettlement(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
