import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { heldStage, startServer, type TestServer, type TestServerOptions } from '../helpers/start-server.ts';

let server: TestServer;
afterEach(() => server.close());

async function start(options: TestServerOptions = {}): Promise<void> {
  server = await startServer(options);
}

function upload(body: RequestInit['body'], query = '', headers: Record<string, string> = {}): Promise<Response> {
  const type = { 'content-type': 'application/octet-stream' };
  return fetch(`${server.url}/classify-file${query}`, {
    method: 'POST',
    body: body ?? null,
    headers: body instanceof FormData ? headers : { ...type, ...headers },
  });
}

const CSV = 'id,message\n7,"disk, full"\n8,login\n';
const LABELLED = 'id,message,label,confidence,method\n7,"disk, full",storage,1,regex\n8,login,auth_failure,1,regex\n';

test('a CSV comes back with its own columns unchanged and ours after them', async () => {
  await start();
  const response = await upload(CSV);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(await response.text()).toBe(LABELLED);
});

test('the file of a form is read the same', async () => {
  await start();
  const form = new FormData();
  form.set('file', new Blob([CSV]), 'events.csv');
  expect(await (await upload(form)).text()).toBe(LABELLED);
});

test('gzip is told by its bytes', async () => {
  await start();
  expect(await (await upload(gzipSync(CSV))).text()).toBe(LABELLED);
});

test('raw lines as JSON lines', async () => {
  await start();
  const response = await upload('disk full\nhm\n', '?format=jsonl&first_row=11');
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  expect(
    (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { line: 11, message: 'disk full', label: 'storage', confidence: 1, method: 'regex' },
    { line: 12, message: 'hm', label: 'Unclassified', confidence: 0, method: 'fallback' },
  ]);
});

test('the rows of a stack trace share a label', async () => {
  await start();
  const trace = 'java.io.IOException: disk full\n\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)\nhm\n';
  const labels = async (query: string): Promise<string[]> =>
    (await (await upload(trace, query)).text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).label);
  expect(await labels('?format=jsonl')).toEqual(['storage', 'storage', 'storage', 'Unclassified']);
  expect(await labels('?format=jsonl&multiline=off')).toEqual([
    'storage',
    'Unclassified',
    'Unclassified',
    'Unclassified',
  ]);
});

test('formulas are guarded unless the request says otherwise', async () => {
  await start();
  const csv = 'message\n=1+1\n';
  expect(await (await upload(csv)).text()).toContain("'=1+1");
  expect(await (await upload(csv, '?csv_safe=false')).text()).not.toContain("'=1+1");
});

test('events tell what the input is, then rows with templates and the bytes of the labelled file', async () => {
  await start();
  const response = await upload('disk 5\né', '?format=events');
  const events = (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events[0]).toMatchObject({ format: 'lines', head: 'line,message,label,confidence,method\n' });
  expect(events[1]).toMatchObject({ first_row: 1 });
  expect(events.slice(1, -1).flatMap(({ rows }) => rows)).toEqual([
    { message: 'disk 5', label: 'storage', confidence: 1, method: 'regex', rule: 'has-disk', template: 'disk <num>' },
    { message: 'é', label: 'Unclassified', confidence: 0, method: 'fallback', template: 'é' },
  ]);
  const output = events
    .slice(1, -1)
    .map((event) => event.output)
    .join('');
  expect(Buffer.from(output, 'latin1').toString('utf8')).toBe(
    '1,disk 5,storage,1,regex\n2,é,Unclassified,0,fallback\n',
  );
  expect(events.at(-1)).toEqual({ done: true, damage: {} });
});

test('an empty input is an answer without rows', async () => {
  await start();
  const events = (await (await upload('', '?format=events')).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map((event) => event.done ?? event.format)).toEqual(['lines', true]);
});

test.each([
  ['?column=nope', CSV, 422, 'no column "nope"'],
  ['?format=xlsx', CSV, 400, 'none of csv, tsv, jsonl, raw, events'],
  ['?first_row=0', CSV, 400, '"first_row"'],
  ['?llm_base_url=http://198.51.100.7', CSV, 400, '"llm_base_url", which is not known'],
  ['', Buffer.from([0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]), 415, 'bzip2'],
])('query "%s" or its body is refused (%#)', async (query, body, status, detail) => {
  await start();
  const response = await upload(body, query);
  const problem = (await response.json()) as { detail: string };
  expect([response.status, problem.detail]).toEqual([status, expect.stringContaining(detail)]);
});

test.each([
  ['no file in it', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--x--\r\n', 400],
  ['not a form', 'hello', 400],
  ['a file that is cut', '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nhello', 400],
  [
    '10,000 parts',
    `${Array.from({ length: 10_000 }, (_, n) => `--x\r\nContent-Disposition: form-data; name="f${n}"\r\n\r\nv\r\n`).join('')}--x--\r\n`,
    413,
  ],
])('a form with %s is refused', async (_name, body, status) => {
  await start();
  const response = await upload(body, '', { 'content-type': 'multipart/form-data; boundary=x' });
  expect(response.status).toBe(status);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('an upload that says it is too large is refused before it is sent', async () => {
  await start({ maxUploadBytes: 1 << 20 });
  const { port } = server;
  const outcome = await new Promise((resolve) => {
    const headers = { 'content-length': String(2 ** 31), expect: '100-continue' };
    const sent = request({ port, path: '/classify-file', method: 'POST', headers });
    sent.on('continue', () => resolve('told to go on'));
    sent.on('response', (response) => {
      resolve(response.statusCode);
      sent.destroy();
    });
    sent.on('error', () => {});
    sent.flushHeaders();
  });
  expect(outcome).toBe(413);
});

test('an upload that grows too large breaks off, and the log says why', async () => {
  await start({ maxUploadBytes: 1 << 20 });
  const chunk = Buffer.from('disk full\n'.repeat(1000));
  const outcome = await new Promise((resolve) => {
    const sent = request({ port: server.port, path: '/classify-file', method: 'POST' });
    sent.on('response', (response) => response.resume().on('error', () => resolve('broken')));
    sent.on('error', () => resolve('broken'));
    const more = (): void => {
      if (!sent.destroyed) sent.write(chunk, () => setImmediate(more));
    };
    more();
  });
  expect(outcome).toBe('broken');
  await expect.poll(() => server.log().join('\n')).toContain('larger than 1 MiB');
});

test('a decompression bomb is stopped', { timeout: 60_000 }, async () => {
  await start();
  const zeros = Buffer.alloc(1 << 24);
  const bomb = Buffer.concat(Array.from({ length: 80 }, () => gzipSync(zeros))); // 1.3 GB in many members
  const response = await upload(bomb, '?format=raw');
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining('decompression bomb') });
});

test('a client that reads nothing before it has sent everything still gets every row', async () => {
  await start();
  const line = 'disk full '.repeat(20);
  const rows = 60_000; // 12 MB: more than sockets hold
  const received = await new Promise<string>((resolve, reject) => {
    const sent = request({ port: server.port, path: '/classify-file?format=csv', method: 'POST' });
    sent.on('error', reject);
    let response: Parameters<typeof text>[0] | undefined;
    sent.on('response', (incoming) => {
      response = incoming.pause();
    });
    const pieces = Array.from({ length: 60 }, () => `${line}\n`.repeat(rows / 60));
    const next = (): void => {
      const piece = pieces.shift();
      if (piece !== undefined) sent.write(piece, next);
      else sent.end(() => setTimeout(() => void text(response!).then(resolve, reject), 100));
    };
    next();
  });
  expect(received.split('\n').length).toBe(rows + 2);
  expect(received.endsWith(`${rows},${line},storage,1,regex\n`)).toBe(true);
});

test('an upload that stands still is ended', async () => {
  await start({ limits: { bodyMs: 100 } });
  const status = await new Promise((resolve) => {
    const sent = request({ port: server.port, path: '/classify-file', method: 'POST' });
    sent.on('response', (response) => resolve(response.statusCode));
    sent.on('error', () => {});
    sent.write('half a li');
  });
  expect(status).toBe(408);
});

test('uploads beyond the bound are turned away, those of one client first', async () => {
  const stage = heldStage();
  await start({ stages: [stage], limits: { uploads: 2, uploadsOfOneClient: 1 } });
  const first = upload('a\n');
  await expect.poll(stage.asked).toBe(1);
  const second = await upload('b\n');
  expect([second.status, second.headers.get('retry-after')]).toEqual([503, '5']);
  stage.release();
  expect((await first).status).toBe(200);
  expect((await upload('b\n')).status).toBe(200);
});

test('with hold, rows wait for the end of the upload', async () => {
  await start();
  const sent = request({ port: server.port, path: '/classify-file?format=raw&hold=true', method: 'POST' });
  sent.on('error', () => {});
  let answered = false;
  const answer = new Promise<string>((resolve, reject) =>
    sent.on('response', (response) => {
      answered = true;
      void text(response).then(resolve, reject);
    }),
  );
  sent.write('disk full\n'.repeat(50_000));
  await expect
    .poll(async () => (await fetch(`${server.url}/stats`)).text(), { timeout: 10_000 })
    .toContain('"storage":49'); // the last event stays open
  expect(answered).toBe(false);
  sent.end();
  expect((await answer).split('\n').length).toBe(50_001);
});

test('rows go out while the rest is still to come', async () => {
  await start();
  const sent = request({ port: server.port, path: '/classify-file?format=raw', method: 'POST' }).on('error', () => {});
  sent.write('disk full\n'.repeat(100));
  const first = await new Promise<string>((resolve) =>
    sent.on('response', (response) => response.on('error', () => {}).once('data', (chunk) => resolve(String(chunk)))),
  );
  expect(first).toContain('storage');
  sent.destroy();
});
