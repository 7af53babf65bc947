/** What is sent to a model. `system` never changes within a run and comes first, so that a prompt cache can hold it. */
export interface Prompt {
  readonly system: string;
  readonly user: string;
  /** JSON schema of the answer; every object in it is closed and all of its fields are required. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxOutputTokens: number;
}

/** Tokens as the server counted them; `cachedInputTokens` are part of `inputTokens`. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

export interface Completion {
  readonly text: string;
  /** Whether the answer ended because the token cap was reached. */
  readonly cut: boolean;
  /** `null` when the server did not say. */
  readonly usage: TokenUsage | null;
  /** Response headers, lower-case names; the rate limiter reads them. */
  readonly headers: ReadonlyMap<string, string>;
}

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

/** One vendor's chat API. It makes one attempt: retries, limits, budget and redaction are around it. */
export interface Provider {
  readonly name: string;
  readonly model: string;
  /** `null` when nobody has written down what this model costs at this server. */
  readonly price: Price | null;
  /** The request body that `complete` sends, for people to see before anything is sent. */
  preview(prompt: Prompt): Readonly<Record<string, unknown>>;
  /**
   * @throws {ProviderFailure} For everything that can go wrong between here and a checked answer.
   * @throws The reason of `signal` when that is aborted.
   */
  complete(prompt: Prompt, signal: AbortSignal): Promise<Completion>;
}

/**
 * Why an attempt failed.
 *
 * - `key`, `access`, `model`, `request`: no retry can help; the message is the server's.
 * - `rate_limit`, `server`, `network`, `timeout`: may pass.
 * - `malformed`: an answer came, and it is not the API's (an HTML page, cut JSON, no choices, too large).
 */
export type FailureKind =
  'key' | 'access' | 'model' | 'request' | 'rate_limit' | 'server' | 'network' | 'timeout' | 'malformed';

export interface FailureDetails {
  readonly status?: number;
  readonly headers?: ReadonlyMap<string, string>;
  readonly cause?: unknown;
}

/** One failed attempt. Its message is fit for a terminal and holds nothing of what was sent. */
export class ProviderFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number | undefined;
  readonly headers: ReadonlyMap<string, string>;

  constructor(kind: FailureKind, message: string, { status, headers, cause }: FailureDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ProviderFailure';
    this.kind = kind;
    this.status = status;
    this.headers = headers ?? new Map();
  }
}

/** Whether the same request may succeed later. */
export function mayPass(kind: FailureKind): boolean {
  return kind === 'rate_limit' || kind === 'server' || kind === 'network' || kind === 'timeout' || kind === 'malformed';
}
