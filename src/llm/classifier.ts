import type { LabelMeaning, Verdict } from '../types.ts';
import { createAnswerCache, type AnswerCache } from './answer-cache.ts';
import { answerKey } from './answer-key.ts';
import { readAnswers, type Answer } from './answers.ts';
import { BATCH_TEMPLATES } from './batches.ts';
import { createBreaker } from './breaker.ts';
import { createBudget, type Budget } from './budget.ts';
import { createCaller } from './caller.ts';
import { systemClock, type Clock } from './clock.ts';
import { COLLECT_MS, createCollector } from './collector.ts';
import { createConcurrency } from './concurrency.ts';
import { createMeter, type LlmUsage } from './meter.ts';
import { buildPrompt } from './prompt.ts';
import type { Completion, Provider } from './provider.ts';
import { createRateLimits } from './rate-limits.ts';
import type { RedactionPolicy } from './redact/policies.ts';
import { serverDown } from './stopped.ts';
import { createWireText } from './wire-text.ts';
import { speaksToTheModel } from './injection.ts';

/** Calls in flight at most. */
export const LLM_CONCURRENCY = 4;

/**
 * Confidence of an LLM's verdict: the share of rows that a large language model, given labels and their meanings, labelled
 * right in a blind reading of 300. A model's own word on its confidence is worth less than this constant.
 */
export const LLM_CONFIDENCE = 0.85;

export interface LlmClassifierOptions {
  readonly provider: Provider;
  readonly labels: readonly LabelMeaning[];
  /** Default `standard`. */
  readonly redaction?: RedactionPolicy;
  /** Default: answers are remembered within this run only. */
  readonly cache?: AnswerCache;
  /** Default: no cap. */
  readonly budget?: Budget;
  /** Milliseconds from now after which no call is made or waited for. Default: none. */
  readonly deadlineMs?: number;
  readonly concurrency?: number;
  readonly batchTemplates?: number;
  readonly collectMs?: number;
  readonly clock?: Clock;
  /** Jitter of the back-off, in [0, 1). */
  readonly random?: () => number;
}

export interface LlmClassifier {
  /**
   * One verdict a template, in order; `null` where no label fits or no answer was to be had. It does not reject for
   * what a server does: `usage()` tells.
   *
   * @throws The reason of `signal` when that is aborted.
   */
  classify(templates: readonly string[], signal: AbortSignal): Promise<Array<Verdict | null>>;
  usage(): LlmUsage;
}

/** Templates in, labels out: redacted, remembered, batched, within budget and limits. */
export function createLlmClassifier(options: LlmClassifierOptions): LlmClassifier {
  const { provider, labels, clock = systemClock, random = Math.random, deadlineMs = Infinity } = options;
  const cache = options.cache ?? createAnswerCache();
  const wireText = createWireText(options.redaction ?? 'standard');
  const meter = createMeter(provider.price);
  const concurrency = createConcurrency(options.concurrency ?? LLM_CONCURRENCY);
  const verdicts = new Map(
    labels.map(({ label }) => [label, { label, confidence: LLM_CONFIDENCE, method: 'llm' } satisfies Verdict]),
  );
  const keyOf = answerKey(provider, labels);
  const isSuspicious = (text: string): boolean => speaksToTheModel(text, labels);

  const breaker = createBreaker(clock);
  const call = createCaller({
    provider,
    limits: createRateLimits(clock),
    breaker,
    budget: options.budget ?? createBudget({ price: provider.price }),
    concurrency,
    meter,
    clock,
    deadlineAt: clock.now() + deadlineMs,
    random,
  });

  const collector = createCollector({
    batchTemplates: options.batchTemplates ?? BATCH_TEMPLATES,
    collectMs: options.collectMs ?? COLLECT_MS,
    clock,
    concurrency,
    ask: async (texts, signal) => {
      const read = ({ text, cut }: Completion): Answer[] | undefined =>
        cut ? undefined : readAnswers(text, texts.length, labels);
      // an attacker's text that makes the model talk nonsense must not make its server look broken
      const suspicious = texts.length === 1 && texts.some(isSuspicious);
      const check = (answer: Completion): boolean => suspicious || read(answer) !== undefined;
      const completion = await call(buildPrompt(texts, labels), check, signal);
      if (completion === null) return null;
      const answers = completion === 'refused' ? undefined : read(completion);
      if (answers === undefined) return texts.map(() => undefined);
      cache.put(
        texts.flatMap((text, index) => {
          const answer = answers[index];
          return answer === undefined ? [] : [{ key: keyOf(text), text, label: answer }];
        }),
      );
      return answers;
    },
  });

  return {
    async classify(templates, signal) {
      signal.throwIfAborted();
      meter.count('templates', templates.length);
      const texts = templates.map(wireText);
      cache.refresh();
      const answers = new Map<string, string | null>();
      const open = new Set<string>();
      for (const text of texts) {
        const known = cache.get(keyOf(text));
        if (known === undefined) open.add(text);
        else answers.set(text, known.label);
      }
      meter.count('remembered', templates.length - open.size);
      if (open.size > 0) {
        const asked = [...open];
        const labelled = await collector.collect(asked, isSuspicious, signal);
        asked.forEach((text, index) => answers.set(text, labelled[index] ?? null));
      }
      return texts.map((text) => verdicts.get(answers.get(text) ?? '') ?? null);
    },
    usage() {
      const usage = meter.usage();
      const isDown = breaker.isOpen || (usage.calls > 0 && usage.failures === usage.calls);
      return usage.stopped === undefined && isDown ? { ...usage, stopped: serverDown(provider, usage) } : usage;
    },
  };
}
