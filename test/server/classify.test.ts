import { afterEach, expect, test } from 'vitest';
import { heldStage, startServer, type TestServer, type TestServerOptions } from '../helpers/start-server.ts';

let server: TestServer;
afterEach(() => server.close());

async function start(options: TestServerOptions = {}): Promise<void> {
  server = await startServer(options);
}

async function classify(body: unknown, headers: Record<string, string> = {}, query = ''): Promise<Response> {
  return fetch(`${server.url}/classify${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

test('one message is answered by its verdict', async () => {
  await start();
  const response = await classify({ log_text: 'the disk is full' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ label: 'storage', confidence: 1, method: 'regex' });
});

test('several messages are answered in order', async () => {
  await start();
  const response = await classify({ logs: ['login of eve', 'hm', 'disk'] });
  const { results } = (await response.json()) as { results: Array<{ label: string }> };
  expect(results.map(({ label }) => label)).toEqual(['auth_failure', 'Unclassified', 'storage']);
});

test('explain tells the rule and the template', async () => {
  await start();
  const response = await classify({ log_text: 'disk 17 is full' }, {}, '?explain=true');
  expect(await response.json()).toMatchObject({ rule: 'has-disk', template: 'disk <num> is full' });
});

test('what a transport put before a line and colours are no part of the message', async () => {
  const asked: string[] = [];
  await start({
    stages: [
      {
        name: 'regex',
        reads: 'text',
        async classify(texts) {
          asked.push(...texts);
          return texts.map(() => ({ label: 'storage', confidence: 1, method: 'regex' }));
        },
      },
    ],
  });
  await classify({ log_text: 'Mar  2 08:00:01 web-1 app[7]: \u001b[31mdisk full\u001b[0m' });
  expect(asked).toEqual(['app: disk full']);
});

test.each([
  ['{}', 'neither "log_text" nor "logs"'],
  ['{"log_text":"a","logs":["b"]}', 'both "log_text" and "logs"'],
  ['{"log":"a"}', '"log", which is not known'],
  ['{"log_text":5}', '"log_text" in the body must be string'],
  ['{"logs":[]}', '"logs" in the body must NOT have fewer than 1 items'],
  ['{"logs":[7]}', '"logs/0" in the body must be string'],
  ['[]', 'The body must be object'],
  ['{"log_text":"a","llm_base_url":"http://198.51.100.7"}', '"llm_base_url", which is not known'],
  ['{"log_text":"a","api_key":"k"}', '"api_key", which is not known'],
])('%s is refused by a problem document that says what to send', async (body, detail) => {
  await start();
  const response = await classify(body);
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as { detail: string; hint: string; request_id: string };
  expect(problem.detail).toContain(detail);
  expect(problem.hint).toContain('{"log_text": "..."}');
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
});

test.each([
  ['nope', 'application/json', 400],
  ['{"log_text":"x"}', 'text/plain', 415],
  [JSON.stringify({ log_text: 'x'.repeat(65_537) }), 'application/json', 400],
  [JSON.stringify({ logs: Array.from({ length: 1001 }, () => 'x') }), 'application/json', 400],
  [JSON.stringify({ logs: Array.from({ length: 20 }, () => 'x'.repeat(60_000)) }), 'application/json', 413],
])('a body that does not fit is refused (%#)', async (body, type, status) => {
  await start();
  const response = await classify(body, { 'content-type': type });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ status });
});

test('before the model is loaded and while the server stops, requests are told when to come again', async () => {
  await start({ ready: false });
  const early = await classify({ log_text: 'x' });
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  server.engine.stop();
  expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({ type: 'urn:logiq:problem:stopping' });
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('when too much is being decided, more is turned away at once and not queued', async () => {
  const stage = heldStage();
  await start({ stages: [stage], limits: { waitingLogs: 3 } });
  const first = classify({ logs: ['a', 'b'] });
  await expect.poll(stage.asked).toBe(2);
  const second = await classify({ logs: ['c', 'd'] });
  expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
  stage.release();
  expect((await first).status).toBe(200);
  expect((await classify({ logs: ['c', 'd'] })).status).toBe(200);
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('logiq_refused_total{what="classify"} 1');
});

test('an answer that takes too long ends with 503 and frees its place', async () => {
  const stage = heldStage();
  await start({ stages: [stage], limits: { answerMs: 50, waitingLogs: 1 } });
  expect((await classify({ log_text: 'a' })).status).toBe(503);
  stage.release();
  expect((await classify({ log_text: 'a' })).status).toBe(200);
});

test('nothing more is spent on a client that went away', async () => {
  const stage = heldStage();
  await start({ stages: [stage] });
  const leaving = new AbortController();
  const request = fetch(`${server.url}/classify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"log_text":"a"}',
    signal: leaving.signal,
  }).catch(() => {});
  await expect.poll(stage.asked).toBe(1);
  leaving.abort();
  await request;
  await expect.poll(stage.aborted).toBe(1);
});

test('a bug is told of in the log and not to the client', async () => {
  await start({
    stages: [{ name: 'regex', reads: 'text', classify: () => Promise.reject(new Error('secret /etc/path')) }],
  });
  const response = await classify({ log_text: 'private words' });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
  await expect.poll(() => server.log().join('\n')).toContain('secret /etc/path');
  expect(server.log().join('\n')).not.toContain('private words');
});
