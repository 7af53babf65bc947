import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hubCache, isHubId, pulledSnapshot } from '../../../src/models/hub/cache.ts';
import { comparePulled, pullModel } from '../../../src/models/hub/pull.ts';
import { proxyFor } from '../../../src/models/hub/request.ts';
import { hubListing } from '../../helpers/hub-listing.ts';

const COMMIT = 'a'.repeat(40);
const ID = 'someone/tiny';
const { signal } = new AbortController();

const CONTENT: Readonly<Record<string, Buffer>> = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'tokenizer.json': Buffer.from('{}'),
  '1_Pooling/config.json': Buffer.from('{"pooling_mode_cls_token":true}'),
  'onnx/model_quantized.onnx': Buffer.alloc(100_000, 'onnx'),
  'onnx/model.onnx': Buffer.alloc(10),
  'README.md': Buffer.from('not wanted'),
};

interface Seen {
  readonly url: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

let home: string;
let hub: Server;
let cdn: Server;
let seen: Seen[];
/** What the hub's servers send instead of a file. */
let served: Record<string, Buffer>;
/** Each file ends after a few bytes. */
let isBreaking: boolean;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'logiq-hub-'));
  seen = [];
  served = { ...CONTENT };
  isBreaking = false;
  cdn = await listen((request, send) => sendFile(request, send, decodeURIComponent(request.url!.slice(1))));
  hub = await listen((request, send) => {
    if (request.url === `/api/models/${ID}/revision/main?blobs=true`) return send(200, hubListing(COMMIT, CONTENT));
    const file = request.url!.replace(`/${ID}/resolve/${COMMIT}/`, '');
    if (CONTENT[file] === undefined) return send(404, 'no');
    if (isBreaking) return send(200, CONTENT[file].subarray(0, 7), { 'content-length': String(CONTENT[file].length) });
    if (!file.endsWith('.onnx')) return sendFile(request, send, file);
    return send(302, '', { location: `${urlOf(cdn)}/${encodeURIComponent(file)}` });
  });
});
afterEach(async () => {
  hub.close();
  cdn.close();
  await rm(home, { recursive: true });
});

test('what an encoder is made of is fetched into the hub cache, verified and found there', async () => {
  const pulled = await pull();
  expect(Object.keys(pulled.sha256)).toEqual([
    'config.json',
    'tokenizer.json',
    '1_Pooling/config.json',
    'onnx/model_quantized.onnx',
  ]);
  expect(pulled.dir).toBe(join(home, 'hub', 'models--someone--tiny', 'snapshots', COMMIT));
  expect(pulledSnapshot(ID, { HF_HOME: home })).toBe(pulled.dir);
  expect(await readFile(join(pulled.dir, 'onnx/model_quantized.onnx'))).toEqual(CONTENT['onnx/model_quantized.onnx']);
});

test('a second pull fetches nothing but the list', async () => {
  await pull();
  seen = [];
  await pull();
  expect(seen.map(({ url }) => url)).toEqual([`/api/models/${ID}/revision/main?blobs=true`]);
});

test('a broken download is gone on from', async () => {
  const dir = join(home, 'hub', 'models--someone--tiny', 'snapshots', COMMIT, 'onnx');
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'model_quantized.onnx.incomplete'), CONTENT['onnx/model_quantized.onnx']!.subarray(0, 60_000));
  await pull();
  expect(seen.at(-1)?.range).toBe('bytes=60000-');
  expect(await readFile(join(dir, 'model_quantized.onnx'))).toEqual(CONTENT['onnx/model_quantized.onnx']);
});

test.each(['tokenizer.json', 'onnx/model_quantized.onnx'])('a %s that came damaged is not taken', async (file) => {
  served[file] = Buffer.from(CONTENT[file]!).fill('x', 0, 1);
  await expect(pull()).rejects.toMatchObject({ code: 'E_HUB', message: expect.stringContaining('damaged') as unknown });
  expect(pulledSnapshot(ID, { HF_HOME: home })).toBeUndefined();
});

test('the token goes to the hub and not where it redirects to', async () => {
  await pull({ HF_TOKEN: 'secret' });
  const [list, ...files] = seen;
  expect(list?.authorization).toBe('Bearer secret');
  expect(files.find(({ url }) => url.includes('/resolve/'))?.authorization).toBe('Bearer secret');
  expect(seen.find(({ url }) => url.includes('%2F'))?.authorization).toBeUndefined();
});

test('a proxy is asked for the whole address', async () => {
  const proxied: string[] = [];
  const proxy = await listen((request, send) => {
    proxied.push(request.url!);
    return request.url!.includes('/api/') ? send(200, hubListing(COMMIT, CONTENT)) : send(404, 'no');
  });
  await expect(pull({ HF_ENDPOINT: 'http://hub.invalid', HTTP_PROXY: urlOf(proxy) })).rejects.toMatchObject({ code: 'E_HUB' });
  proxy.close();
  expect(proxied[0]).toBe(`http://hub.invalid/api/models/${ID}/revision/main?blobs=true`);
});

test('what another program has pulled is not fetched again', async () => {
  const dir = join(home, 'hub', 'models--someone--tiny', 'snapshots', COMMIT);
  for (const file of ['config.json', 'onnx/model_quantized.onnx']) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), CONTENT[file]!);
  }
  await pull();
  const fetched = seen.filter(({ url }) => url.includes('/resolve/')).map(({ url }) => url.split(`${COMMIT}/`)[1]);
  expect(fetched).toEqual(['tokenizer.json', '1_Pooling/config.json']);
});

test('a download that breaks off says so; another pull ends it', async () => {
  isBreaking = true;
  await expect(pull()).rejects.toMatchObject({
    code: 'E_HUB',
    message: expect.stringMatching(/^config\.json broke off: /) as unknown,
    hint: 'Pull again: it goes on there.',
  });
  isBreaking = false;
  expect(Object.keys((await pull()).sha256)).toHaveLength(4);
});

test('a cache that cannot be written is told with the way out', async () => {
  await writeFile(join(home, 'file'), '');
  await expect(pull({ HF_HOME: join(home, 'file') })).rejects.toMatchObject({
    code: 'E_OUTPUT_WRITE',
    hint: expect.stringContaining('HF_HOME') as unknown,
  });
});

test('verify names the file that was changed', async () => {
  const { dir } = await pull();
  const model = join(home, 'hub', 'models--someone--tiny');
  expect(await comparePulled(model, dir, COMMIT)).toEqual({ files: 4, damaged: [] });
  await writeFile(join(dir, 'tokenizer.json'), '{ }');
  expect(await comparePulled(model, dir, COMMIT)).toEqual({ files: 4, damaged: ['tokenizer.json'] });
});

test.each([
  ['someone/else', 'E_HUB'],
  ['no-owner', 'E_USAGE'],
  ['../../etc/passwd', 'E_USAGE'],
])('%s is refused', async (id, code) => {
  await expect(pullModel(id, { env: { HF_HOME: home, HF_ENDPOINT: urlOf(hub) }, signal })).rejects.toMatchObject({ code });
});

test('an endpoint that is no address is refused', async () => {
  await expect(pull({ HF_ENDPOINT: 'huggingface.co' })).rejects.toMatchObject({ code: 'E_SETTING' });
});

test('the cache is where Python has it', () => {
  expect(hubCache({ HF_HUB_CACHE: '/x', HF_HOME: '/y' })).toBe('/x');
  expect(hubCache({ HF_HOME: '/y' })).toBe('/y/hub');
  expect(hubCache({ HOME: '/h' })).toBe('/h/.cache/huggingface/hub');
  expect(isHubId('a/b')).toBe(true);
  expect(isHubId('a/../b')).toBe(false);
});

test('proxies: by scheme, not for exempt hosts', () => {
  const env = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost,.corp.example' };
  expect(proxyFor(new URL('https://huggingface.co/x'), env)?.href).toBe('http://proxy:3128/');
  expect(proxyFor(new URL('http://huggingface.co/x'), env)).toBeUndefined();
  expect(proxyFor(new URL('https://hub.corp.example/x'), env)).toBeUndefined();
});

function pull(env: Record<string, string> = {}): ReturnType<typeof pullModel> {
  return pullModel(ID, { env: { HF_HOME: home, HF_ENDPOINT: urlOf(hub), ...env }, signal });
}

type Send = (status: number, body: string | Buffer, headers?: Record<string, string>) => void;

function sendFile(request: IncomingMessage, send: Send, file: string): void {
  const bytes = served[file]!;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  send(from > 0 ? 206 : 200, bytes.subarray(from));
}

async function listen(answer: (request: IncomingMessage, send: Send) => void): Promise<Server> {
  const server = createServer((request, response) => {
    const { range, authorization } = request.headers;
    seen.push({ url: request.url!, range, authorization });
    answer(request, (status, body, headers = {}) => {
      response.writeHead(status, headers).end(body, () => isBreaking && request.socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
