import { whyOff } from '../llm/why-off.ts';
import type { Settings } from '../settings/registry.ts';
import type { Io } from '../types.ts';
import type { Check } from './check.ts';

/**
 * Whether rows may go to an LLM, and whether its key is there; never any part of the key, nor of the server's address,
 * which may hold one.
 */
export async function examineLlm(settings: Settings, env: Io['env']): Promise<Omit<Check, 'name'>> {
  const isOwnServer = settings.llmBaseUrl !== undefined;
  const variable = isOwnServer ? 'LOGIQ_LLM_API_KEY' : 'GROQ_API_KEY';
  const keyPresent = (env[variable] ?? '') !== '';
  const off = whyOff(settings, env);
  const facts = { off, model: settings.llmModel, ownServer: isOwnServer, keyVariable: variable, keyPresent };
  const key = `${variable} is ${keyPresent ? 'set' : 'not set'}`;
  if (off === 'offline') return { status: 'ok', found: `offline: nothing is sent (${key})`, facts };
  if (off === 'no key') {
    return {
      status: 'note',
      found: `${key}: nothing is sent`,
      hint: 'Set it to have rows that nothing else is sure of labelled by an LLM.',
      facts,
    };
  }
  const server = isOwnServer ? 'the server of --llm-base-url' : 'Groq';
  return {
    status: 'ok',
    found: `${key}: rows that nothing else is sure of go to ${settings.llmModel} at ${server}`,
    facts,
  };
}
