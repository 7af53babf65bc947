import type { Price, Prompt, TokenUsage } from './provider.ts';

/** Characters a token: log text is denser than prose (about 4), and an estimate that is too high never overspends. */
const CHARACTERS_PER_TOKEN = 3;

/** Tokens that a chat template and the schema's instructions add to every call, at most. */
const FRAME_TOKENS = 200;

export function costUsd({ inputTokens, cachedInputTokens, outputTokens }: TokenUsage, price: Price): number {
  const fresh = Math.max(0, inputTokens - cachedInputTokens);
  return (fresh * price.input + cachedInputTokens * price.cachedInput + outputTokens * price.output) / 1e6;
}

/** Input tokens of a prompt, estimated without the model's tokenizer and rather too high than too low. */
export function estimateInputTokens(prompt: Prompt): number {
  const bytes =
    Buffer.byteLength(prompt.system) + Buffer.byteLength(prompt.user) + JSON.stringify(prompt.schema).length;
  return Math.ceil(bytes / CHARACTERS_PER_TOKEN) + FRAME_TOKENS;
}

/** What a call may cost at most: nothing cached and every output token used. */
export function worstCostUsd(prompt: Prompt, price: Price): number {
  return costUsd(
    { inputTokens: estimateInputTokens(prompt), cachedInputTokens: 0, outputTokens: prompt.maxOutputTokens },
    price,
  );
}
