import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** One request as the server got it. */
export interface FakeRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: {
    readonly model: string;
    readonly messages: ReadonlyArray<{ readonly role: string; readonly content: string }>;
    readonly [key: string]: unknown;
  };
  /** The log texts asked about, in order. */
  readonly logs: readonly string[];
}

/** Writes the response, or leaves it open. */
export type Reply = (request: FakeRequest, response: ServerResponse) => void;

export interface FakeGroq {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  /** Connections whose response the client did not wait for. */
  readonly cancelled: () => number;
  close(): Promise<void>;
}

/**
 * Groq's chat API on this machine. Requests take the replies in turn; the last one answers all that follow.
 */
export async function startFakeGroq(...replies: readonly Reply[]): Promise<FakeGroq> {
  const requests: FakeRequest[] = [];
  let cancelled = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const body: FakeRequest['body'] = JSON.parse(text);
      const seen = { path: request.url ?? '', headers: request.headers, raw: text, body, logs: logsOf(body) };
      const reply = replies[Math.min(requests.length, replies.length - 1)];
      requests.push(seen);
      response.on('close', () => {
        if (!response.writableFinished) cancelled++;
      });
      reply?.(seen, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    requests,
    cancelled: () => cancelled,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function logsOf(body: FakeRequest['body']): string[] {
  const user = body.messages.find(({ role }) => role === 'user')?.content ?? '';
  return user.split('\n').map((line) => {
    const { log }: { log: string } = JSON.parse(line);
    return log;
  });
}

/** Labels each log by `labelOf`; `undefined` leaves it out of the answer. */
export function labels(
  labelOf: (log: string) => string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return (request, response) => {
    const answers = request.logs.flatMap((log, index) => {
      const label = labelOf(log);
      return label === undefined ? [] : [{ n: index + 1, label }];
    });
    content(JSON.stringify({ answers }), headers)(request, response);
  };
}

/** A well-formed completion with this text. */
export function content(text: string | null, headers: Readonly<Record<string, string>> = {}, finish = 'stop'): Reply {
  return json(
    200,
    {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_780_000_000,
      model: 'openai/gpt-oss-20b',
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish, logprobs: null }],
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 100,
        total_tokens: 1100,
        prompt_tokens_details: { cached_tokens: 400 },
      },
    },
    headers,
  );
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return raw(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function raw(status: number, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Reply {
  return (_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}

export function refuse(
  status: number,
  message: string,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(status, { error: { message, type: 'invalid_request_error', code } }, headers);
}

export const tooManyRequests = (retryAfter?: string): Reply =>
  refuse(
    429,
    'Rate limit reached for model `openai/gpt-oss-20b`: please try again later.',
    'rate_limit_exceeded',
    retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  );

export const refusedKey = refuse(401, 'Invalid API Key', 'invalid_api_key');

export const retiredModel = refuse(
  404,
  'The model `llama-3.1-8b-instant` does not exist or you do not have access to it.',
  'model_not_found',
);

/** Takes the request and never answers. */
export const stall: Reply = () => {};

/** Sends headers and a first byte, and then nothing. */
export const drip: Reply = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{');
};

/** Sends a body without an end, as fast as it is read. */
export const endless: Reply = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(64 * 1024, ' ');
  const pour = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', pour);
  pour();
};

export const webPage = raw(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' });

export const cutJson = raw(200, '{"id":"chatcmpl-1","choices":[{"index":0,"mess', {
  'content-type': 'application/json',
});

export const nullChoices = json(200, { id: 'chatcmpl-1', choices: null, usage: null });

export const hangUp: Reply = (_request, response) => {
  response.destroy();
};
