import type { Io } from '../types.ts';
import type { LlmSettings } from './open-llm.ts';

/** Why nothing may be sent, or null. A server of one's own may do without a key. */
export function whyOff({ offline, llmBaseUrl }: LlmSettings, env: Io['env']): 'offline' | 'no key' | null {
  if (offline) return 'offline';
  return llmBaseUrl === undefined && !env['GROQ_API_KEY'] ? 'no key' : null;
}
