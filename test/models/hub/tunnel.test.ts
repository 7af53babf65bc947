import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createProxy, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hubListing } from '../../helpers/hub-listing.ts';
import { run } from '../../helpers/program.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // a busy machine

// A hub and the place that it redirects to, hub.test and cdn.test, which only the proxy knows how to reach. They have one
// certificate, signed by itself: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
//   -subj '/CN=logiq test hub' -addext 'subjectAltName=DNS:hub.test,DNS:cdn.test' -addext 'basicConstraints=critical,CA:TRUE'
const CERTIFICATE = fileURLToPath(new URL('tls/cert.pem', import.meta.url));
const KEY = fileURLToPath(new URL('tls/key.pem', import.meta.url));

const COMMIT = 'b'.repeat(40);
const FILES: Readonly<Record<string, Buffer>> = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'tokenizer.json': Buffer.from('{}'),
  'onnx/model_quantized.onnx': Buffer.alloc(300_000, 'onnx'),
};

interface Seen {
  readonly host: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly proxyAuthorization: string | undefined;
}

let home: string;
let hub: Server;
let proxy: Server;
let tunnels: Array<{ to: string; authorization: string | undefined }>;
let seen: Seen[];
/** What the proxy answers instead of a tunnel. */
let refusal: string | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'logiq-tunnel-'));
  [tunnels, seen, refusal] = [[], [], undefined];
  hub = createTlsServer({ cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) }, (request, response) => {
    const host = request.headers.host!;
    const url = request.url!;
    const { authorization, 'proxy-authorization': proxyAuthorization } = request.headers;
    seen.push({ host, url, authorization, proxyAuthorization });
    const file = decodeURIComponent(url).replace(/^\/(?:someone\/tiny\/resolve\/b+\/)?/, '');
    if (url.startsWith('/api/')) response.end(hubListing(COMMIT, FILES));
    else if (host === 'hub.test' && file.endsWith('.onnx'))
      response.writeHead(302, { location: `https://cdn.test/${encodeURIComponent(file)}` }).end();
    else response.end(FILES[file]);
  });
  await listen(hub);
  proxy = createProxy();
  proxy.on('connect', ({ url, headers }, client) => {
    tunnels.push({ to: url!, authorization: headers['proxy-authorization'] });
    client.on('error', () => {});
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      return;
    }
    const target = connect(portOf(hub), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
  });
  await listen(proxy);
});
afterEach(async () => {
  hub.closeAllConnections();
  hub.close();
  proxy.close();
  await rm(home, { recursive: true });
});

test('everything goes through the tunnel; each secret goes where it belongs', async () => {
  const { code, stdout, stderr } = await pull({ NODE_EXTRA_CA_CERTS: CERTIFICATE });
  expect(stderr).toContain('3 files');
  expect(code).toBe(0);
  expect(await readFile(join(stdout.trim(), 'onnx/model_quantized.onnx'))).toEqual(FILES['onnx/model_quantized.onnx']);
  expect(new Set(tunnels.map(({ to }) => to))).toEqual(new Set(['hub.test:443', 'cdn.test:443']));
  expect(new Set(seen.map(({ host }) => host))).toEqual(new Set(['hub.test', 'cdn.test']));
  const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  expect(tunnels.every(({ authorization }) => authorization === basic)).toBe(true);
  expect(seen.every(({ proxyAuthorization }) => proxyAuthorization === undefined)).toBe(true);
  for (const { host, authorization } of seen)
    expect(authorization).toBe(host === 'hub.test' ? 'Bearer secret' : undefined);
});

test('a proxy that refuses is told with its answer', async () => {
  refusal = '407 Proxy Authentication Required';
  const { code, stdout, stderr } = await pull({ NODE_EXTRA_CA_CERTS: CERTIFICATE });
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toContain('https://hub.test cannot be reached: the proxy answers 407.');
  expect(stderr).toContain('HTTPS_PROXY');
});

test('a hub whose certificate nobody vouches for is not trusted through a tunnel either', async () => {
  const { code, stdout, stderr } = await pull({});
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toMatch(/cannot be reached: .*self.signed certificate/);
  expect(seen).toEqual([]);
});

function pull(env: Readonly<Record<string, string>>): ReturnType<typeof run> {
  return run(['models', 'pull', 'someone/tiny'], '', {
    HF_HOME: home,
    HF_ENDPOINT: 'https://hub.test',
    HF_TOKEN: 'secret',
    HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${portOf(proxy)}`,
    ...env,
  });
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
