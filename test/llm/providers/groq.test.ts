import { afterEach, expect, test, vi } from 'vitest';
import { field } from '../../../src/llm/json.ts';
import { ProviderFailure, type Prompt } from '../../../src/llm/provider.ts';
import { createGroqProvider } from '../../../src/llm/providers/groq.ts';
import {
  content,
  cutJson,
  drip,
  endless,
  hangUp,
  json,
  nullChoices,
  raw,
  refuse,
  refusedKey,
  retiredModel,
  stall,
  startFakeGroq,
  tooManyRequests,
  webPage,
  type FakeGroq,
  type Reply,
} from '../../helpers/fake-groq.ts';

const prompt: Prompt = {
  system: 'Label it.',
  user: '{"n":1,"log":"disk full"}',
  schema: { type: 'object' },
  maxOutputTokens: 64,
};
const idle = new AbortController().signal;

let server: FakeGroq | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await server?.close();
});

async function serve(...replies: Reply[]): Promise<FakeGroq> {
  server = await startFakeGroq(...replies);
  return server;
}

test('an answer comes back with its text, token counts and headers', async () => {
  const { url } = await serve(content('{"answers":[]}', { 'x-ratelimit-remaining-tokens': '7000' }));
  const completion = await createGroqProvider({ apiKey: 'k', baseUrl: url }).complete(prompt, idle);
  expect(completion).toMatchObject({
    text: '{"answers":[]}',
    cut: false,
    usage: { inputTokens: 1000, cachedInputTokens: 400, outputTokens: 100 },
  });
  expect(completion.headers.get('x-ratelimit-remaining-tokens')).toBe('7000');
});

test('Groq is asked for a strict answer, little reasoning and a capped number of tokens', () => {
  expect(createGroqProvider({ apiKey: 'k' }).preview(prompt)).toEqual({
    model: 'openai/gpt-oss-20b',
    messages: [
      { role: 'system', content: 'Label it.' },
      { role: 'user', content: '{"n":1,"log":"disk full"}' },
    ],
    max_completion_tokens: 64,
    temperature: 0,
    reasoning_effort: 'low',
    include_reasoning: false,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'labels', strict: true, schema: { type: 'object' } },
    },
  });
});

test('a model at Groq of which nothing is known is held to JSON only, and has no price', () => {
  const provider = createGroqProvider({ apiKey: 'k', model: 'new/model' });
  expect(provider.preview(prompt)).toMatchObject({ response_format: { type: 'json_object' } });
  expect(provider.preview(prompt)).not.toHaveProperty('reasoning_effort');
  expect(provider.price).toBeNull();
});

test('the price at Groq is not the price of the same model elsewhere', () => {
  expect(createGroqProvider({ apiKey: 'k' }).price).toEqual({ input: 0.075, cachedInput: 0.0375, output: 0.3 });
  expect(createGroqProvider({ baseUrl: 'http://127.0.0.1:1' }).price).toBeNull();
});

test('the body sent is the body previewed', async () => {
  const { url, requests } = await serve(content('{}'));
  const provider = createGroqProvider({ apiKey: 'k', baseUrl: url });
  const preview = provider.preview(prompt);
  await provider.complete(prompt, idle);
  expect(requests[0]?.body).toEqual(preview);
});

test('the key goes into the authorization header, and none is sent where there is none', async () => {
  const { url, requests } = await serve(content('{}'));
  await createGroqProvider({ apiKey: 'k-1', baseUrl: url }).complete(prompt, idle);
  await createGroqProvider({ baseUrl: url }).complete(prompt, idle);
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer k-1', undefined]);
});

test.each([
  ['a refused key', refusedKey, { kind: 'key', status: 401, message: 'Invalid API Key' }],
  ['a retired model', retiredModel, { kind: 'model', status: 404 }],
  [
    'a decommissioned model',
    refuse(400, 'The model `gemma2-9b-it` has been decommissioned.', 'model_decommissioned'),
    { kind: 'model' },
  ],
  ['a forbidden model', refuse(403, 'Blocked for this project', 'permissions_error'), { kind: 'access' }],
  ['an exhausted account', refuse(429, 'You exceeded your quota', 'insufficient_quota'), { kind: 'access' }],
  ['a rate limit', tooManyRequests('7'), { kind: 'rate_limit', status: 429 }],
  ['an invalid request', refuse(400, 'messages is too long', 'context_length_exceeded'), { kind: 'request' }],
  [
    'an answer that missed its schema',
    refuse(400, 'Failed to validate', 'json_validate_failed'),
    { kind: 'malformed' },
  ],
  ['a wrong address', raw(404, 'Not found'), { kind: 'request', message: 'HTTP status 404' }],
  ['an internal error', raw(500, 'oops'), { kind: 'server', status: 500 }],
  [
    'a bad gateway with a web page',
    raw(502, '<html>bad gateway</html>'),
    { kind: 'server', message: 'HTTP status 502' },
  ],
  ['exhausted flex capacity', refuse(498, 'capacity exceeded', 'capacity_exceeded'), { kind: 'server' }],
  ['a redirect', raw(307, '', { location: 'http://127.0.0.1:9/' }), { kind: 'request', status: 307 }],
  ['a web page of status 200', webPage, { kind: 'malformed' }],
  ['cut JSON', cutJson, { kind: 'malformed' }],
  ['null choices', nullChoices, { kind: 'malformed' }],
  ['no choices', json(200, { choices: [] }), { kind: 'malformed' }],
  ['a null text', content(null), { kind: 'malformed' }],
  ['an empty response', raw(200, ''), { kind: 'malformed' }],
  ['no content', raw(204, ''), { kind: 'malformed' }],
  ['a body without end', endless, { kind: 'malformed' }],
  ['a closed connection', hangUp, { kind: 'network' }],
] satisfies Array<[string, Reply, object]>)('%s becomes a typed failure', async (_name, reply, expected) => {
  const { url } = await serve(reply);
  const completion = createGroqProvider({ apiKey: 'k', baseUrl: url }).complete(prompt, idle);
  await expect(completion).rejects.toMatchObject({ name: 'ProviderFailure', ...expected });
});

test('a failure carries the headers that say when to come back', async () => {
  const { url } = await serve(tooManyRequests('7'));
  const failure: unknown = await createGroqProvider({ apiKey: 'k', baseUrl: url })
    .complete(prompt, idle)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ProviderFailure);
  expect(failure instanceof ProviderFailure && failure.headers.get('retry-after')).toBe('7');
});

test.each([
  ['before the headers', stall],
  ['within the body', drip],
])('a server that stalls %s is left after the time-out', async (_name, reply) => {
  const { url } = await serve(reply);
  const provider = createGroqProvider({ apiKey: 'k', baseUrl: url, timeoutMs: 50 });
  await expect(provider.complete(prompt, idle)).rejects.toMatchObject({ kind: 'timeout' });
});

test.each([
  ['before the headers', stall],
  ['within the body', drip],
])('an abort %s ends the call with its reason and closes the connection', async (_name, reply) => {
  const abort = new AbortController();
  const fake = await serve((request, response) => {
    reply(request, response);
    setTimeout(() => abort.abort(new Error('enough')), 10);
  });
  await expect(createGroqProvider({ apiKey: 'k', baseUrl: fake.url }).complete(prompt, abort.signal)).rejects.toThrow(
    'enough',
  );
  await expect.poll(() => fake.cancelled()).toBe(1);
});

test('nothing is sent once the signal is aborted', async () => {
  const { url, requests } = await serve(content('{}'));
  const provider = createGroqProvider({ apiKey: 'k', baseUrl: url });
  await expect(provider.complete(prompt, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
  expect(requests).toEqual([]);
});

test('an unreachable server is named with the reason', async () => {
  const gone = await startFakeGroq();
  await gone.close();
  const { url } = gone;
  await expect(createGroqProvider({ apiKey: 'k', baseUrl: url }).complete(prompt, idle)).rejects.toThrow(
    `${url} cannot be reached (ECONNREFUSED).`,
  );
});

test('the SDK makes one attempt and no retry of its own', async () => {
  const { url, requests } = await serve(raw(500, ''));
  await createGroqProvider({ apiKey: 'k', baseUrl: url })
    .complete(prompt, idle)
    .catch(() => {});
  expect(requests).toHaveLength(1);
});

test('a server that cannot hold to a schema is asked for JSON, then for text, and that is kept', async () => {
  const { url, requests } = await serve(
    refuse(400, 'This model does not support response format `json_schema`', 'invalid_request'),
    refuse(400, 'response_format is not supported', 'invalid_request'),
    content('{}'),
  );
  const provider = createGroqProvider({ baseUrl: url, model: 'm' });
  await provider.complete(prompt, idle);
  await provider.complete(prompt, idle);
  expect(requests.map(({ body }) => field(body, 'response_format', 'type'))).toEqual([
    'json_schema',
    'json_object',
    undefined,
    undefined,
  ]);
});

test.each([
  [
    'Ollama',
    json(404, { error: { message: 'model "m" not found, try pulling it first', type: 'api_error' } }),
    'model',
  ],
  ['Ollama, older', json(404, { error: 'model "m" not found, try pulling it first' }), 'model'],
  ['vLLM', json(404, { object: 'error', message: 'The model `m` does not exist.', code: 404 }), 'model'],
  ['llama.cpp while loading', json(503, { error: { code: 503, message: 'Loading model' } }), 'server'],
  ['OpenAI', refuse(401, 'Incorrect API key provided', 'invalid_api_key'), 'key'],
])('%s says what is wrong in its own way', async (_name, reply, kind) => {
  const { url } = await serve(reply);
  await expect(createGroqProvider({ baseUrl: url, model: 'm' }).complete(prompt, idle)).rejects.toMatchObject({ kind });
});

test.each([
  ['', '/v1/chat/completions'],
  ['/v1', '/v1/chat/completions'],
  ['/v1/', '/v1/chat/completions'],
  ['/openai/v1', '/openai/v1/chat/completions'],
  ['/proxy/llm/v1/chat/completions', '/proxy/llm/v1/chat/completions'],
])('a base URL that ends in "%s" is asked at %s', async (base, path) => {
  const { url, requests } = await serve(content('{}'));
  await createGroqProvider({ baseUrl: url + base, model: 'm' }).complete(prompt, idle);
  expect(requests.map((request) => request.path)).toEqual([path]);
});

test('a server that does not count tokens is no failure', async () => {
  const { url } = await serve(json(200, { choices: [{ message: { content: '{}' }, finish_reason: 'stop' }] }));
  expect(await createGroqProvider({ baseUrl: url, model: 'm' }).complete(prompt, idle)).toMatchObject({ usage: null });
});

test('a server that knows the other name of the token cap gets it under that name', async () => {
  const { url, requests } = await serve(
    refuse(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", 'unsupported_parameter'),
    content('{}'),
  );
  await createGroqProvider({ baseUrl: url, model: 'm' }).complete(prompt, idle);
  expect(requests[1]?.body).toMatchObject({ max_completion_tokens: 64 });
  expect(requests[1]?.body).not.toHaveProperty('max_tokens');
});

test('GROQ_LOG=debug writes nothing', async () => {
  const { url } = await serve(content('{}'));
  const spies = (['log', 'info', 'debug', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  vi.stubEnv('GROQ_LOG', 'debug');
  await createGroqProvider({ apiKey: 'k', baseUrl: url }).complete(prompt, idle);
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});
