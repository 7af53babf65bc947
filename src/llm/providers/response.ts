import { field, parseJson } from '../json.ts';
import { ProviderFailure, type Completion, type TokenUsage } from '../provider.ts';

/**
 * Checks that a response of status 200 is a chat completion: a proxy's login page and a cut body are 200 too.
 *
 * @throws {ProviderFailure} `malformed`
 */
export function readCompletion(body: string, headers: ReadonlyMap<string, string>): Completion {
  const envelope = parse(body, headers);
  const choice = field(envelope, 'choices', 0);
  const text = field(choice, 'message', 'content');
  if (typeof text !== 'string') {
    throw new ProviderFailure('malformed', 'The LLM server sent a completion without text.', { status: 200, headers });
  }
  return {
    text,
    cut: field(choice, 'finish_reason') === 'length',
    usage: readUsage(field(envelope, 'usage')),
    headers,
  };
}

function parse(body: string, headers: ReadonlyMap<string, string>): unknown {
  const value = parseJson(body);
  if (value !== undefined) return value;
  const what = /^\s*</.test(body) ? 'a web page' : 'something that is not JSON';
  throw new ProviderFailure('malformed', `The LLM server sent ${what} instead of a completion.`, {
    status: 200,
    headers,
  });
}

function readUsage(usage: unknown): TokenUsage | null {
  const inputTokens = count(field(usage, 'prompt_tokens'));
  const outputTokens = count(field(usage, 'completion_tokens'));
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const cached = count(field(usage, 'prompt_tokens_details', 'cached_tokens')) ?? 0;
  return { inputTokens, cachedInputTokens: Math.min(cached, inputTokens), outputTokens };
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
