import type { Groq } from 'groq-sdk';
import { field } from '../json.ts';
import { linkSignals } from '../linked-signal.ts';
import { DEFAULT_MODEL, groqModelFacts } from '../models.ts';
import { ProviderFailure, type Completion, type Price, type Prompt, type Provider } from '../provider.ts';
import { createBoundedFetch } from './bounded-fetch.ts';
import { chatUrl, GROQ_BASE_URL, isGroq } from './chat-url.ts';
import { refusal } from './refusal.ts';
import { requestBody, simplerDialect, type Dialect } from './request-body.ts';
import { readCompletion } from './response.ts';

/** Milliseconds that one attempt may take, headers and body together. */
export const CALL_TIMEOUT_MS = 60_000;

export interface GroqOptions {
  /** Absent: none is sent, which is right for a server of one's own. */
  readonly apiKey?: string;
  readonly model?: string;
  /** Any OpenAI-compatible server (Ollama, vLLM, llama.cpp, OpenAI); default Groq. */
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  /** For models whose price is not in `models.ts`. */
  readonly price?: Price;
}

/**
 * Groq, and every server that speaks the same chat API. Nothing is loaded or opened before the first call.
 *
 * The SDK's own retries are off: its back-off cannot be aborted and obeys any `retry-after`. It is silent, whatever
 * `GROQ_LOG` says: its debug log goes to stdout, where the data is.
 *
 * @throws {LogiqError} E_SETTING when `baseUrl` is no address.
 */
export function createGroqProvider(options: GroqOptions): Provider {
  const { model = DEFAULT_MODEL, baseUrl = GROQ_BASE_URL, timeoutMs = CALL_TIMEOUT_MS } = options;
  const url = chatUrl(baseUrl);
  const facts = isGroq(url) ? groqModelFacts(model) : undefined;
  let dialect = firstDialect(url, model);
  let client: Promise<Groq> | undefined;

  async function attempt(prompt: Prompt, asked: Dialect, signal: AbortSignal): Promise<Completion> {
    const groq = await (client ??= createClient(url, options.apiKey, timeoutMs));
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const limited = linkSignals(signal, timeout.signal);
    try {
      const body = requestBody(model, prompt, asked);
      const response = await groq.post('/openai/v1/chat/completions', { body, signal: limited.signal }).asResponse();
      return readCompletion(await response.text(), headerMap(response.headers));
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.signal.aborted) {
        throw new ProviderFailure('timeout', `No answer within ${timeoutMs} ms.`, { cause: error });
      }
      throw asFailure(error, url);
    } finally {
      limited.unlink();
      clearTimeout(timer);
    }
  }

  return {
    name: isGroq(url) ? 'groq' : url.host,
    model,
    price: options.price ?? facts?.price ?? null,
    preview: (prompt) => requestBody(model, prompt, dialect),
    async complete(prompt, signal) {
      signal.throwIfAborted();
      for (;;) {
        const asked = dialect;
        try {
          return await attempt(prompt, asked, signal);
        } catch (error) {
          const simpler = error instanceof ProviderFailure ? dialectAfter(error, asked) : undefined;
          if (simpler === undefined) throw error;
          dialect = simpler; // ends: a dialect only ever gets simpler
        }
      }
    },
  };
}

function firstDialect(url: URL, model: string): Dialect {
  if (!isGroq(url)) {
    const openai = url.hostname === 'api.openai.com';
    return {
      format: 'json_schema',
      tokenCap: openai ? 'max_completion_tokens' : 'max_tokens',
      temperature: true,
      reasoning: false,
    };
  }
  const facts = groqModelFacts(model);
  return {
    format: facts?.strictSchema === true ? 'json_schema' : 'json_object',
    tokenCap: 'max_completion_tokens',
    temperature: true,
    reasoning: facts?.reasons === true,
  };
}

function dialectAfter(failure: ProviderFailure, dialect: Dialect): Dialect | undefined {
  return failure.kind === 'request' ? simplerDialect(dialect, failure.message) : undefined;
}

async function createClient(url: URL, apiKey: string | undefined, timeout: number): Promise<Groq> {
  const { Groq: Client } = await import('groq-sdk');
  return new Client({
    apiKey: apiKey ?? 'none',
    ...(apiKey === undefined && { defaultHeaders: { authorization: null } }),
    baseURL: url.origin,
    fetch: createBoundedFetch(url),
    maxRetries: 0,
    timeout,
    logLevel: 'off',
  });
}

function headerMap(headers: Headers): ReadonlyMap<string, string> {
  return new Map(headers);
}

/** The SDK wraps what `fetch` threw as `cause`, and a refused request in an error with the status and parsed body. */
function asFailure(error: unknown, url: URL): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof Error && error.cause instanceof ProviderFailure) return error.cause;
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    const headers = field(error, 'headers');
    return refusal(error.status, field(error, 'error'), headers instanceof Headers ? headerMap(headers) : new Map());
  }
  return new ProviderFailure('network', `${url.origin} cannot be reached (${reason(error)}).`, { cause: error });
}

/** Node hides why a connection failed two causes deep. */
function reason(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current.cause;
  }
  return 'connection failed';
}
