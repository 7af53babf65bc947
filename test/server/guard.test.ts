import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { startServer, type TestServer, type TestServerOptions } from '../helpers/start-server.ts';

let server: TestServer;
afterEach(() => server.close());

async function start(options: TestServerOptions = {}): Promise<void> {
  server = await startServer(options);
}

/** `fetch` does not let a caller set `host`, `origin` or `sec-fetch-site`. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: server.port, path, method, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? '{"log_text":"x"}' : undefined);
  });
}

const json = { 'content-type': 'application/json' };

test.each([
  [undefined, 401],
  ['Bearer wrong', 401],
  ['Bearer s3cre', 401],
  ['Basic s3cret', 401],
  ['Bearer s3cret', 200],
  ['bearer s3cret', 200],
])('with a token set, "authorization: %s" is answered %d', async (authorization, status) => {
  await start({ guard: { token: 's3cret' } });
  const response = await send('POST', '/classify', { ...json, ...(authorization && { authorization }) });
  expect(response.status).toBe(status);
  if (status === 401) expect(response.headers['www-authenticate']).toBe('Bearer realm="logiq"');
});

test('a token guards everything but health, the page and the documentation', async () => {
  await start({ guard: { token: 's3cret' } });
  const statuses = async (paths: readonly string[]): Promise<number[]> =>
    Promise.all(paths.map(async (path) => (await send('GET', path)).status));
  expect(await statuses(['/healthz', '/readyz', '/', '/page/app.js', '/docs', '/openapi.json'])).toEqual(
    Array.from({ length: 6 }, () => 200),
  );
  expect(await statuses(['/labels', '/models', '/stats', '/metrics'])).toEqual([401, 401, 401, 401]);
  expect((await send('POST', '/classify-file')).status).toBe(401);
});

test('the token is in no log', async () => {
  await start({ guard: { token: 's3cret' } });
  await send('POST', '/classify?explain=s3cret', { ...json, authorization: 'Bearer s3cret' });
  await expect.poll(() => server.log().length).toBeGreaterThan(0);
  expect(server.log().join('\n')).not.toContain('s3cret');
});

test('a local server answers to local names alone, so that no DNS entry leads a browser here', async () => {
  await start();
  expect((await send('GET', '/labels', { host: `localhost:${server.port}` })).status).toBe(200);
  expect((await send('GET', '/labels', { host: `[::1]:${server.port}` })).status).toBe(200);
  expect((await send('GET', '/labels', { host: 'attacker.example' })).status).toBe(403);
  expect((await send('GET', '/labels', { host: '127.0.0.1.attacker.example' })).status).toBe(403);
});

test('a server for others answers to any name', async () => {
  await start({ guard: { host: '0.0.0.0' } });
  expect((await send('GET', '/labels', { host: 'logs.example.com' })).status).toBe(200);
});

test.each([
  [{ origin: 'https://attacker.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ 'sec-fetch-site': 'same-origin' }, 200],
  [{}, 200],
])('a page of another site cannot make its reader post (%j)', async (headers, status) => {
  await start();
  expect((await send('POST', '/classify', { ...json, ...headers })).status).toBe(status);
});

test('no other origin may read unless it is named', async () => {
  await start();
  const { headers } = await send('GET', '/labels', { origin: 'https://logs.example.com' });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

test('the origin that is named may use the API, and no other', async () => {
  await start({ guard: { corsOrigin: 'https://logs.example.com' } });
  const origin = 'https://logs.example.com';
  const asked = await send('OPTIONS', '/classify', { origin, 'access-control-request-method': 'POST' });
  expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, origin]);
  const posted = await send('POST', '/classify', { ...json, origin });
  expect([posted.status, posted.headers['access-control-allow-origin']]).toEqual([200, origin]);
  const other = await send('POST', '/classify', { ...json, origin: 'https://attacker.example' });
  expect([other.status, other.headers['access-control-allow-origin']]).toEqual([403, undefined]);
});

test('a client has a number of requests a minute; health does not count', async () => {
  await start({ rateLimit: 3 });
  for (let n = 0; n < 10; n++) expect((await send('GET', '/healthz')).status).toBe(200);
  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) statuses.push((await send('GET', '/labels')).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  const refused = await send('POST', '/classify', json);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
});

test('wrong tokens count, too', async () => {
  await start({ rateLimit: 2, guard: { token: 's3cret' } });
  const statuses: number[] = [];
  for (let n = 0; n < 3; n++) statuses.push((await send('GET', '/labels', { authorization: `Bearer ${n}` })).status);
  expect(statuses).toEqual([401, 401, 429]);
});

test.each([
  ['NONSENSE\r\n\r\n', 400],
  [`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
])('what is no request is answered by a problem document (%#)', async (raw, status) => {
  await start();
  const socket = connect(server.port, '127.0.0.1');
  socket.write(raw);
  const answer = await text(socket);
  expect(answer).toContain(`HTTP/1.1 ${status} `);
  expect(answer).toContain('application/problem+json');
});

test('a body of JSON that does not come is given up', async () => {
  await start({ limits: { bodyMs: 100 } });
  const status = await new Promise((resolve) => {
    const headers = { ...json, 'content-length': '100' };
    const sent = request({ port: server.port, path: '/classify', method: 'POST', headers }, (response) =>
      resolve(response.statusCode),
    ).on('error', () => {});
    sent.write('{"log_text"');
  });
  expect(status).toBe(408);
});

test('connections that send headers byte by byte, or nothing, are closed while others are served', async () => {
  await start({ limits: { headersMs: 200 } });
  const slow = Array.from({ length: 50 }, (_, n) => {
    const socket = connect(server.port, '127.0.0.1');
    const drip = setInterval(() => socket.write('x'), 20);
    if (n % 2 === 0) socket.write('GET / HTTP/1.1\r\nhost: ');
    else clearInterval(drip);
    return text(socket).finally(() => clearInterval(drip));
  });
  expect((await send('GET', '/healthz')).status).toBe(200);
  for (const answer of await Promise.all(slow)) expect(answer).toContain('HTTP/1.1 408 ');
  expect((await send('GET', '/healthz')).status).toBe(200);
});

test('a path that is not there and a request id of the client', async () => {
  await start();
  const response = await send('GET', '/etc/passwd', { 'x-request-id': 'mine-7' });
  expect([response.status, response.headers['x-request-id']]).toEqual([404, 'mine-7']);
  const forged = await send('GET', '/etc/passwd', { 'x-request-id': 'a"b' });
  expect(forged.headers['x-request-id']).not.toBe('a"b');
});
