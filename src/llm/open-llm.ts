import { randomUUID } from 'node:crypto';
import type { Settings } from '../settings/registry.ts';
import type { Io, LabelMeaning } from '../types.ts';
import { answerFilePath, openAnswerFile } from './answer-file.ts';
import { createBudget } from './budget.ts';
import { createLlmClassifier, type LlmClassifier } from './classifier.ts';
import { openLedger } from './ledger.ts';
import type { Provider } from './provider.ts';
import { createGroqProvider } from './providers/groq.ts';

export type LlmSettings = Pick<
  Settings,
  'offline' | 'llmModel' | 'llmConcurrency' | 'llmBaseUrl' | 'maxCost' | 'maxLlmCalls' | 'deadline' | 'redact'
>;

export interface Llm extends LlmClassifier {
  /** What people should know about remembering answers, once the run has ended; absent when all is well. */
  problem(): string | undefined;
}

/**
 * The LLM as the settings want it, with the answers of earlier runs.
 *
 * @param ledgerPath File that carries what was spent over a crash; absent: the budget is this process's.
 * @throws {LogiqError} E_SETTING when `llmBaseUrl` is no address, or cost is capped and the price is not known.
 */
export function openLlm(
  settings: LlmSettings,
  labels: readonly LabelMeaning[],
  env: Io['env'],
  ledgerPath?: string,
): Llm {
  const provider = createProvider(settings, env);
  const cache = openAnswerFile({ path: answerFilePath(env), model: provider.model });
  const budget = createBudget({
    price: provider.price,
    ...(settings.maxCost !== undefined && { maxCostUsd: settings.maxCost }),
    ...(settings.maxLlmCalls !== undefined && { maxCalls: settings.maxLlmCalls }),
    ...(ledgerPath !== undefined && { ledger: openLedger(ledgerPath, randomUUID()) }),
  });
  const classifier = createLlmClassifier({
    provider,
    labels,
    redaction: settings.redact,
    cache,
    budget,
    concurrency: settings.llmConcurrency,
    ...(settings.deadline !== undefined && { deadlineMs: settings.deadline * 1000 }),
  });
  return { ...classifier, problem: () => cache.problem() };
}

/** Opens no connection. Groq's key goes to Groq alone, another server's to that server. */
export function createProvider(
  { llmModel, llmBaseUrl }: Pick<LlmSettings, 'llmModel' | 'llmBaseUrl'>,
  env: Io['env'],
): Provider {
  const apiKey = llmBaseUrl === undefined ? env['GROQ_API_KEY'] : env['LOGIQ_LLM_API_KEY'];
  return createGroqProvider({
    model: llmModel,
    ...(apiKey && { apiKey }),
    ...(llmBaseUrl !== undefined && { baseUrl: llmBaseUrl }),
  });
}
