import { DEFAULT_MODEL, retiredOn } from './models.ts';
import type { Provider, ProviderFailure } from './provider.ts';

/** Why no further call is made in this run; `down`: why calls brought nothing, which may pass. */
export type StopReason = 'key' | 'access' | 'model' | 'budget' | 'deadline' | 'down';

export interface Stopped {
  readonly reason: StopReason;
  /** What is wrong, for people. */
  readonly message: string;
  /** The way out, as an instruction. */
  readonly hint: string;
}

export const budgetSpent: Stopped = {
  reason: 'budget',
  message: 'The LLM budget is spent.',
  hint: 'Raise --max-cost or --max-llm-calls; answers so far are remembered and cost nothing again.',
};

export const deadlineReached: Stopped = {
  reason: 'deadline',
  message: 'The deadline for LLM answers has passed.',
  hint: 'Run again: answers so far are remembered, so it goes on from here.',
};

/** Counts of a run; see `LlmUsage`. */
interface Calls {
  readonly calls: number;
  readonly failures: number;
  readonly lastFailure?: string;
}

/** Nothing forbids further calls, but they bring nothing. */
export function serverDown({ name }: Provider, { calls, failures, lastFailure = '' }: Calls): Stopped {
  const failed = failures === calls ? 'never gave a usable answer' : 'stopped answering';
  return {
    reason: 'down',
    message: `${name} ${failed}: ${failures} of ${calls} calls failed, the last one so: ${lastFailure.replace(/\.$/, '')}.`,
    hint: 'See to the server or choose another with --llm-base-url, then run again: answers so far are remembered.',
  };
}

/** @returns `undefined` when the failure may pass, or concerns one request alone. */
export function stopFor({ kind, message }: ProviderFailure, { name, model }: Provider): Stopped | undefined {
  if (kind === 'key') {
    return {
      reason: 'key',
      message: `${name} refused the key (${message}).`,
      hint:
        name === 'groq'
          ? 'Set GROQ_API_KEY to a key that is valid (https://console.groq.com/keys), or use --offline.'
          : `Set LOGIQ_LLM_API_KEY to a key that ${name} takes, or use --offline.`,
    };
  }
  if (kind === 'access') {
    return {
      reason: 'access',
      message: `${name} does not let this key use model "${model}" (${message}).`,
      hint: 'Check the permissions and the billing of the account, or choose another model with --llm-model.',
    };
  }
  if (kind === 'model') {
    const day = retiredOn(model);
    return {
      reason: 'model',
      message:
        day === undefined
          ? `${name} has no model "${model}" for this key (${message}).`
          : `Model "${model}" was retired on ${day}.`,
      hint: `Choose another one, for example --llm-model ${DEFAULT_MODEL}.`,
    };
  }
  return undefined;
}
