import { createHash } from 'node:crypto';
import type { LabelMeaning } from '../types.ts';
import { PROMPT_VERSION } from './prompt.ts';
import type { Provider } from './provider.ts';

/** Hexadecimal characters of a key: 128 bits, so that no two answers ever meet. */
const KEY_CHARACTERS = 32;

/**
 * Names an answer by all that it depends on: server, model, wording of the prompt, labels with their meanings, and the
 * text as it was sent.
 */
export function answerKey(
  { name, model }: Pick<Provider, 'name' | 'model'>,
  labels: readonly LabelMeaning[],
): (text: string) => string {
  const set = labels.map(({ label, meaning }) => [label, meaning]);
  const base = createHash('sha256').update(JSON.stringify([name, model, PROMPT_VERSION, set]));
  return (text) => base.copy().update(text).digest('hex').slice(0, KEY_CHARACTERS);
}
