import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUNDLED } from '../../src/models/locate.ts';
import { hubListing } from '../helpers/hub-listing.ts';
import { runCli, type CliResult } from '../helpers/run-cli.ts';

const COMMIT = 'd'.repeat(40);
const FILES: Readonly<Record<string, Buffer>> = {
  'config.json': Buffer.from('{"model_type":"bert"}'),
  'tokenizer.json': Buffer.from('{}'),
  'onnx/model.onnx': Buffer.alloc(1_500_000),
};

let home: string;
let snapshot: string;
let hub: Server;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'logiq-models-'));
  snapshot = join(home, 'hub', 'models--someone--tiny', 'snapshots', COMMIT);
  hub = createServer(({ url = '' }, response) => {
    if (url.startsWith('/api/models/someone/tiny/')) response.end(hubListing(COMMIT, FILES));
    else if (url.startsWith('/api/')) response.writeHead(401).end();
    else response.end(FILES[url.split(`${COMMIT}/`)[1]!]);
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  hub.close();
  await rm(home, { recursive: true });
});

function models(...argv: string[]): Promise<CliResult> {
  const { port } = hub.address() as AddressInfo;
  return runCli(['models', ...argv], { cwd: home, env: { HF_HOME: home, HF_ENDPOINT: `http://127.0.0.1:${port}` } });
}

test('pull prints where the encoder is, and list, path and verify know it from then on', async () => {
  expect(await models('pull', 'someone/tiny')).toEqual({
    code: 0,
    stdout: `${snapshot}\n`,
    stderr: 'someone/tiny at dddddddddddd: 3 files, 1.5 MB, verified\n',
  });
  expect((await models('list')).stdout).toMatch(/^encoder {5}someone\/tiny {2,}1\.5 MB {2}\/.*d{40}$/m);
  expect((await models('path', 'someone/tiny')).stdout).toBe(`${snapshot}\n`);
  expect(await models('verify', 'someone/tiny')).toMatchObject({
    code: 0,
    stdout: `${snapshot}: sha256 of 3 files verified\n`,
  });
});

test('verify tells what was changed, and a pull mends it', async () => {
  await writeFile(join(snapshot, 'tokenizer.json'), '{ }');
  const { code, stdout, stderr } = await models('verify', 'someone/tiny');
  expect({ code, stdout }).toEqual({ code: 70, stdout: '' });
  expect(stderr).toContain('tokenizer.json in ');
  expect(stderr).toContain('logiq models pull someone/tiny');
  await models('pull', 'someone/tiny', '-q');
  expect((await models('verify', 'someone/tiny')).code).toBe(0);
});

test('list is aligned, and the same for programs', async () => {
  const { stdout } = await models('list', '--json');
  const entries = JSON.parse(stdout) as ReadonlyArray<{ name: string; bytes: number; dir: string }>;
  expect(entries.map(({ name }) => name)).toContain('logiq-base');
  expect(entries.every(({ bytes }) => bytes > 1000)).toBe(true);
  const columns = (await models('list')).stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.indexOf('  /'));
  expect(new Set(columns).size).toBe(1);
});

test('the bundled classifier and its encoder are verified by name', async () => {
  expect((await models('verify')).stdout).toMatch(/logiq-base: sha256 of \d+ files verified\n$/);
  const { stdout } = await models('list', '--json');
  const bundled = (JSON.parse(stdout) as ReadonlyArray<{ kind: string; name: string; dir: string }>).find(
    ({ kind, dir }) => kind === 'encoder' && dir.startsWith(BUNDLED),
  );
  expect(await models('verify', bundled!.name)).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  [['path', 'nope'], 'no classifier and no encoder "nope"', 'logiq models list'],
  [['verify', 'nope'], 'no classifier and no encoder "nope"', 'logiq models list'],
  [['verify', 'some/thing'], 'no classifier and no encoder "some/thing"', 'logiq models pull some/thing'],
  [['pull', 'nope'], '"nope" is no id of the hub', 'owner/name'],
  [['pull', 'some/thing'], 'some/thing (401): there is none, or it is not open to all', 'HF_TOKEN'],
])('%j says what to do', async (argv, problem, hint) => {
  const { code, stdout, stderr } = await models(...argv);
  expect({ isFailure: code > 0, stdout }).toEqual({ isFailure: true, stdout: '' });
  expect(stderr).toContain(problem);
  expect(stderr).toContain(hint);
});

test('an encoder that nothing tells the hashes of is not said to be right', async () => {
  await writeFile(join(home, 'config.json'), '{"model_type":"bert"}');
  const { code, stderr } = await models('verify', '.');
  expect(code).toBe(2);
  expect(stderr).toContain('Nothing is known that');
});
