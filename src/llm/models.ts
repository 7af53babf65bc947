import type { Price } from './provider.ts';

/** What is known about a model at Groq. Every figure has the day it was read and where. */
interface ModelFacts {
  readonly price: Price;
  /** `YYYY-MM-DD`, the day the price was read at `source`. */
  readonly asOf: string;
  readonly source: string;
  /** Whether `json_schema` with `strict` (answers are generated along the schema) is served for it. */
  readonly strictSchema: boolean;
  /** Whether it thinks before it answers, so that `reasoning_effort` applies. */
  readonly reasons: boolean;
}

export const DEFAULT_MODEL = 'openai/gpt-oss-20b';

/** US dollars per million tokens; a model that is not here costs "n/a", never 0. */
const groqModels: Readonly<Record<string, ModelFacts>> = {
  'openai/gpt-oss-20b': {
    price: { input: 0.075, cachedInput: 0.0375, output: 0.3 },
    asOf: '2026-05-31',
    source: 'https://groq.com/pricing',
    strictSchema: true,
    reasons: true,
  },
  'openai/gpt-oss-120b': {
    price: { input: 0.15, cachedInput: 0.075, output: 0.6 },
    asOf: '2026-06-04',
    source: 'https://groq.com/pricing',
    strictSchema: true,
    reasons: true,
  },
};

/**
 * What Groq's free plan allows an organisation for the gpt-oss models; paid plans allow more, and the headers of each
 * answer tell. As of 2026-07, source: https://console.groq.com/docs/rate-limits
 */
export const FREE_PLAN = { requestsPerMinute: 30, tokensPerMinute: 8000 } as const;

/** Models that Groq has shut down, by the day. Source: https://console.groq.com/docs/deprecations */
const retired: Readonly<Record<string, string>> = {
  'gemma2-9b-it': '2025-10-08',
  'meta-llama/llama-4-maverick-17b-128e-instruct': '2026-03-09',
  'qwen/qwen3-32b': '2026-07-17',
  'llama-3.1-8b-instant': '2026-08-16',
  'llama-3.3-70b-versatile': '2026-08-16',
};

export function groqModelFacts(model: string): ModelFacts | undefined {
  return Object.hasOwn(groqModels, model) ? groqModels[model] : undefined;
}

/** The day Groq shut `model` down, `YYYY-MM-DD`, or `undefined` when it is not known to be gone. */
export function retiredOn(model: string): string | undefined {
  return Object.hasOwn(retired, model) ? retired[model] : undefined;
}
