import { LogiqError, type ErrorCode } from '../errors.ts';

/** Every kind of problem that a client may meet: its status and its title. */
const problems = {
  'invalid-request': [400, 'The request is not as it should be'],
  'invalid-json': [400, 'The body is not JSON'],
  unauthorized: [401, 'A bearer token is needed'],
  'foreign-origin': [403, 'Requests from other sites are refused'],
  'unknown-host': [403, 'The server does not go by this name'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'This method is not for this path'],
  'slow-request': [408, 'The request came too slowly'],
  'too-large': [413, 'The request is too large'],
  'unsupported-media': [415, 'This kind of content is not read here'],
  'unreadable-input': [422, 'The input cannot be read'],
  'rate-limited': [429, 'Too many requests'],
  'header-too-large': [431, 'The headers are too large'],
  internal: [500, 'Something went wrong here'],
  starting: [503, 'The model is being loaded'],
  stopping: [503, 'The server is stopping'],
  busy: [503, 'The server is busy'],
  'took-too-long': [503, 'The answer took too long'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemKind = keyof typeof problems;

/** A problem document (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What is wrong with this request. */
  readonly detail: string;
  /** The way out, as an instruction. */
  readonly hint?: string;
  /** Names the request in the access log. */
  readonly request_id?: string;
}

/** An error that is the client's to act on; anything else that is thrown while a request is answered is a bug. */
export class HttpProblem extends Error {
  readonly kind: ProblemKind;
  readonly hint: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** The framework reads it, and sets it on errors of its own making. */
  statusCode: number;

  constructor(kind: ProblemKind, detail: string, options: { hint?: string; retryAfterSeconds?: number } = {}) {
    super(detail);
    this.name = 'HttpProblem';
    this.kind = kind;
    this.statusCode = problems[kind][0];
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  toDocument(requestId?: string): Problem {
    const [status, title] = problems[this.kind];
    return {
      type: `urn:logiq:problem:${this.kind}`,
      title,
      status,
      detail: this.message,
      ...(this.hint !== undefined && { hint: this.hint }),
      ...(requestId !== undefined && { request_id: requestId }),
    };
  }
}

const kindsOfCodes: Partial<Record<ErrorCode, ProblemKind>> = {
  E_INPUT_COLUMN: 'unreadable-input',
  E_INPUT_DAMAGED: 'unreadable-input',
  E_INPUT_UNREADABLE: 'unsupported-media',
  E_USAGE: 'invalid-request',
};

/** Undefined for a bug, of which a client learns nothing but that it happened. */
export function toHttpProblem(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (error instanceof LogiqError) {
    const kind = kindsOfCodes[error.code];
    if (kind === undefined) return undefined;
    const hint = error.hint && forHttp(error.hint);
    return new HttpProblem(kind, forHttp(error.message), hint ? { hint } : {});
  }
  return fromFramework(error);
}

/** Hints speak of flags; here they are query parameters. */
function forHttp(text: string): string {
  return text.replaceAll('--column', '?column=NAME').replaceAll('--input-format', '?input_format=FORMAT');
}

function fromFramework(error: unknown): HttpProblem | undefined {
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  switch (statusCode) {
    case 400:
      return code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' || code?.startsWith('FST_ERR_VALIDATION')
        ? new HttpProblem('invalid-request', String(message))
        : new HttpProblem('invalid-json', String(message), { hint: 'Send a JSON object, and nothing else.' });
    case 413:
      return new HttpProblem('too-large', String(message));
    case 415:
      return new HttpProblem('unsupported-media', String(message), {
        hint: 'Send JSON with content-type: application/json.',
      });
    case 429:
      return new HttpProblem('rate-limited', String(message));
    case 503:
      return new HttpProblem('stopping', 'The server is stopping.', { retryAfterSeconds: 2 });
    case undefined:
    default:
      return undefined;
  }
}
