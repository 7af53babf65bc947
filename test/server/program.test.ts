import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { readyAddress } from '../helpers/program.ts';
import { runCli } from '../helpers/run-cli.ts';

/** `logiq serve` as a supervisor sees it. */
const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));

vi.setConfig({ testTimeout: 120_000 });

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

async function start(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const server = spawn(process.execPath, [logiq, 'serve', '--port', '0', ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: mkdtempSync(join(tmpdir(), 'logiq-home-')), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = server;
  server.stdout.resume();
  return readyAddress(server);
}

function ended(): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => child?.on('close', (code, signal) => resolve({ code, signal })));
}

test('it labels with the model, as the command line does', async () => {
  const url = await start([]);
  const message = 'ERROR: Database timeout while waiting for a connection';
  const response = await fetch(`${url}/classify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ log_text: message }),
  });
  const { label, confidence, method } = (await response.json()) as {
    label: string;
    confidence: number;
    method: string;
  };
  const { stdout } = await runCli(['--quiet'], { stdin: `${message}\n` });
  expect(stdout.split('\n')[1]).toBe(`1,${message},${label},${confidence},${method}`);
});

test('SIGTERM lets an upload that is under way finish and takes nothing new', async () => {
  const url = new URL(await start(['--embedder', 'none']));
  const sent = request({ port: url.port, path: '/classify-file?format=csv', method: 'POST' });
  const answer = new Promise<string>((resolve, reject) =>
    sent.on('response', (response) => void text(response).then(resolve, reject)),
  );
  sent.write('one\n');
  const exit = ended();
  await expect
    .poll(async () => (await (await fetch(new URL('/metrics', url))).text()).includes('uploads_in_progress 1'))
    .toBe(true);
  child?.kill('SIGTERM');
  await expect
    .poll(() =>
      fetch(new URL('/healthz', url))
        .then(({ status }) => status)
        .catch(() => 'refused'),
    )
    .not.toBe(200);
  sent.end('two\n');
  expect((await answer).split('\n')[2]).toMatch(/^2,two,/);
  expect(await exit).toEqual({ code: null, signal: 'SIGTERM' });
});

test('a port of its own answers for health, and for nothing else', async () => {
  const server = spawn(process.execPath, [logiq, 'serve', '--port', '0', '--health-port', '0', '--embedder', 'none'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = server;
  server.stdout.resume();
  const told = new Promise<string>((resolve) => {
    let stderr = '';
    server.stderr.on('data', (chunk: Buffer) => {
      stderr += String(chunk);
      const address = /^health on (\S+)$/m.exec(stderr)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  await readyAddress(server);
  const url = await told;
  for (const path of ['/healthz', '/readyz', '/metrics']) expect((await fetch(`${url}${path}`)).status).toBe(200);
  const refused = await fetch(`${url}/classify`, { method: 'POST', body: '{"log_text":"x"}' });
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(await refused.json()).toMatchObject({ status: 404, hint: expect.stringContaining('--port') });
});

test.runIf(process.platform === 'linux')('threads of the encoder give way to the one that answers', async () => {
  await start([]);
  const tasks = `/proc/${child?.pid}/task`;
  const niceness = (): ReadonlyArray<string | undefined> =>
    readdirSync(tasks).map((task) => /\) (?:\S+ ){16}(\S+)/.exec(readFileSync(`${tasks}/${task}/stat`, 'utf8'))?.[1]);
  await expect.poll(niceness, { timeout: 30_000 }).toContain('10');
  expect(niceness()[0]).toBe('0');
});

test('variables come from a file, those of the environment first; the original names count', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'logiq-env-')), '.env');
  writeFileSync(file, 'LOGIQ_API_TOKEN=from-file\nCONFIDENCE_THRESHOLD=0.9\nLOGIQ_HOST=192.0.2.1\n');
  const url = await start(['--env-file', file], { LOGIQ_HOST: '127.0.0.1' });
  const headers = { authorization: 'Bearer from-file' };
  expect((await fetch(`${url}/models`)).status).toBe(401);
  expect(await (await fetch(`${url}/models`, { headers })).json()).toMatchObject({ in_use: { threshold: 0.9 } });
});

test.each([
  [['--port', '70000'], '--port is "70000".', 'a whole number from 0 to 65535'],
  [['--health-port', 'x'], '--health-port is "x".', 'a whole number from 0 to 65535'],
  [['--cors-origin', 'example.com'], '--cors-origin is "example.com".', 'https://logs.example.com'],
  [['--model', 'nope'], 'There is no model "nope".', 'logiq-base'],
  [['--env-file', 'nope'], 'file of variables "nope"', '--env-file'],
  [['--prot', '1'], "unknown option '--prot'", '--port'],
])('%j is answered with a way out and exit 2', async (argv, problem, hint) => {
  const { code, stderr } = await runCli(['serve', '--port', '0', '--log-level', 'silent', ...argv]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(problem) });
  expect(stderr).toContain(hint);
});

test('a port that is taken is told', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  for (const ports of [
    ['--port', String(port)],
    ['--port', '0', '--health-port', String(port)],
  ]) {
    const { code, stderr } = await runCli(['serve', ...ports, '--log-level', 'silent']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('EADDRINUSE') });
  }
  other.close();
});
