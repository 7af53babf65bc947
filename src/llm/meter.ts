import { costUsd } from './cost.ts';
import type { Price, TokenUsage } from './provider.ts';
import type { Stopped } from './stopped.ts';

/** What a run has used so far. */
export interface LlmUsage {
  /** Requests sent, each attempt counted. */
  readonly calls: number;
  /** Attempts without an answer that could be read. */
  readonly failures: number;
  /** Attempts that repeated a failed one. */
  readonly retries: number;
  readonly inputTokens: number;
  /** Part of `inputTokens`. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Cost of the tokens counted, in US dollars; `null` when the model's price is not known. */
  readonly costUsd: number | null;
  /** Templates asked about. */
  readonly templates: number;
  /** Those of them that an earlier answer settled without a call. */
  readonly remembered: number;
  /** Set once no further call is made in this run, and as long as calls bring nothing. */
  readonly stopped?: Stopped;
  /** What the last failed attempt said, for people. */
  readonly lastFailure?: string;
}

type Counter = 'calls' | 'failures' | 'retries' | 'templates' | 'remembered';

export interface Meter {
  count(counter: Counter, by?: number): void;
  addTokens(usage: TokenUsage): void;
  fail(message: string): void;
  /** The first reason stays. */
  stop(stopped: Stopped): void;
  readonly stopped: Stopped | undefined;
  usage(): LlmUsage;
}

export function createMeter(price: Price | null): Meter {
  const counts: Record<Counter, number> = { calls: 0, failures: 0, retries: 0, templates: 0, remembered: 0 };
  const tokens = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
  let stopped: Stopped | undefined;
  let lastFailure: string | undefined;
  return {
    count(counter, by = 1) {
      counts[counter] += by;
    },
    addTokens({ inputTokens, cachedInputTokens, outputTokens }) {
      tokens.inputTokens += inputTokens;
      tokens.cachedInputTokens += cachedInputTokens;
      tokens.outputTokens += outputTokens;
    },
    fail(message) {
      counts.failures++;
      lastFailure = message;
    },
    stop(reason) {
      stopped ??= reason;
    },
    get stopped() {
      return stopped;
    },
    usage: () => ({
      ...counts,
      ...tokens,
      costUsd: price === null ? null : costUsd(tokens, price),
      ...(stopped !== undefined && { stopped }),
      ...(lastFailure !== undefined && { lastFailure }),
    }),
  };
}
