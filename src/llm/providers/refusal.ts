import { visibleText } from '../data-text.ts';
import { field } from '../json.ts';
import { ProviderFailure, type FailureKind } from '../provider.ts';
import { createRedactor } from '../redact/redact.ts';

/** Characters of a server's own words that an error message carries. */
const MAX_MESSAGE_CHARACTERS = 200;

/** Characters of them that are looked at. */
const MAX_SEEN_CHARACTERS = 2_000;

/** A response whose status is not 2xx, as a typed failure. Servers differ in where they put code and message. */
export function refusal(status: number, body: unknown, headers: ReadonlyMap<string, string>): ProviderFailure {
  const code = firstString(field(body, 'error', 'code'), field(body, 'code'));
  const message = firstString(field(body, 'error', 'message'), field(body, 'message'), field(body, 'error'));
  // a server may repeat the key or the prompt
  const words = createRedactor('standard')(visibleText(message.slice(0, MAX_SEEN_CHARACTERS))).slice(
    0,
    MAX_MESSAGE_CHARACTERS,
  );
  return new ProviderFailure(kindOf(status, code, message), words === '' ? `HTTP status ${status}` : words, {
    status,
    headers,
  });
}

function kindOf(status: number, code: string, message: string): FailureKind {
  if (status === 401) return 'key';
  if (status === 402 || status === 403 || /insufficient_quota|billing/.test(code)) return 'access';
  if (code.startsWith('model_') || (status === 404 && /\bmodel\b/i.test(message))) return 'model';
  if (status === 429) return 'rate_limit';
  if (status === 408 || status === 409 || status === 425 || status === 498 || status >= 500) return 'server';
  if (code === 'json_validate_failed') return 'malformed';
  return 'request';
}

function firstString(...values: readonly unknown[]): string {
  return values.find((value): value is string => typeof value === 'string') ?? '';
}
