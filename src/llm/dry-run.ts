import type { LabelMeaning } from '../types.ts';
import { createAnswerCache, type AnswerCache } from './answer-cache.ts';
import { answerKey } from './answer-key.ts';
import { BATCH_TEMPLATES, toBatches } from './batches.ts';
import { costUsd, estimateInputTokens } from './cost.ts';
import { speaksToTheModel } from './injection.ts';
import { buildPrompt } from './prompt.ts';
import type { Provider } from './provider.ts';
import type { RedactionPolicy } from './redact/policies.ts';
import { createWireText } from './wire-text.ts';

/** Output tokens a call, a short thought of a reasoning model, and one answer's. */
const THOUGHT_TOKENS = 120;
const ANSWER_TOKENS = 14;

export interface DryRunOptions {
  readonly provider: Pick<Provider, 'name' | 'model' | 'price' | 'preview'>;
  readonly labels: readonly LabelMeaning[];
  readonly redaction?: RedactionPolicy;
  readonly cache?: AnswerCache;
  readonly batchTemplates?: number;
}

export interface DryRun {
  /** The bodies of the requests, to the letter, if all templates came at once. */
  readonly requests: ReadonlyArray<Readonly<Record<string, unknown>>>;
  /** Distinct texts that would leave the machine: redacted. */
  readonly texts: readonly string[];
  /** Templates that an answer is remembered for. */
  readonly remembered: number;
  /** Estimates, rather too high than too low. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; `null` when the model's price is not known. */
  readonly costUsd: number | null;
}

/** What asking about `templates` would send and cost. Opens no connection. */
export function dryRun(templates: readonly string[], options: DryRunOptions): DryRun {
  const { provider, labels, cache = createAnswerCache(), batchTemplates = BATCH_TEMPLATES } = options;
  const keyOf = answerKey(provider, labels);
  const wireText = createWireText(options.redaction ?? 'standard');

  cache.refresh();
  const asked = templates.map(wireText).filter((text) => cache.get(keyOf(text)) === undefined);
  const texts = [...new Set(asked)];
  const batches = toBatches(texts, (text) => speaksToTheModel(text, labels), batchTemplates);
  const prompts = batches.map((batch) => buildPrompt(batch, labels));

  const inputTokens = prompts.reduce((sum, prompt) => sum + estimateInputTokens(prompt), 0);
  const outputTokens = prompts.length * THOUGHT_TOKENS + texts.length * ANSWER_TOKENS;
  return {
    requests: prompts.map((prompt) => provider.preview(prompt)),
    texts,
    remembered: templates.length - asked.length,
    inputTokens,
    outputTokens,
    costUsd:
      provider.price === null ? null : costUsd({ inputTokens, cachedInputTokens: 0, outputTokens }, provider.price),
  };
}
