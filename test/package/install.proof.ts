import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadedModules } from '../helpers/loaded-modules.ts';
import { readyAddress } from '../helpers/program.ts';
import { namesInSbom } from '../helpers/sbom.ts';
import { copyInstall, createWorld, must, type Tools, type World } from './world.ts';

/**
 * Packs logiq, installs the tarball as users do, into an empty prefix and HOME, where nothing but the registry is reached,
 * and runs it as another user without any network. `LOGIQ_LONG_TESTS=1` tries every npm with every way.
 */
const MAX_TARBALL_BYTES = 45e6;
const MAX_INSTALLED_BYTES = 120e6;
/** Share of rows that WebAssembly must label as the native library does. */
const MIN_EQUAL_SHARE = 0.995;

const isLong = process.env['LOGIQ_LONG_TESTS'] !== undefined;
/** Files of ours that a run by rules alone loads; the modules of a checkout are over 150. */
const MAX_START_MODULES = 24;

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const { dependencies: wanted } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  dependencies: Record<string, string>;
};
const dependencies = Object.keys(wanted);
const training = fileURLToPath(new URL('../../models/logiq-base/training.csv.gz', import.meta.url));

/** Each npm with a Node that it supports; 12 wants 22.22 or newer. */
const cells = [
  { npm: 10, node: 20, way: 'npm i -g' },
  { npm: 11, node: 22, way: 'npx' },
  { npm: 12, node: 24, way: 'npm i -g' },
  ...(isLong
    ? [
        { npm: 10, node: 20, way: 'npx' },
        { npm: 11, node: 22, way: 'npm i -g' },
        { npm: 12, node: 24, way: 'npx' },
      ]
    : []),
] as const;

let world: World;
let input: string;
/** A prefix that logiq is installed in, for the tests after the installs. */
let installed: { tools: Tools; prefix: string } | undefined;

beforeAll(async () => {
  world = await createWorld();
  input = world.folder('input');
  cpSync(join(fixtures, 'sample.csv'), join(input, 'sample.csv'));
});
afterAll(() => world.remove());

test(`the tarball has at most ${MAX_TARBALL_BYTES / 1e6} MB`, () => {
  const { size } = statSync(world.tarball);
  note(`tarball ${(size / 1e6).toFixed(1)} MB`);
  expect(size).toBeLessThanOrEqual(MAX_TARBALL_BYTES);
});

describe.each(cells)('$way with npm $npm on Node $node', ({ npm, node, way }) => {
  test('installs from the registry alone and labels', async () => {
    const tools = await world.tools(npm, node);
    const home = world.folder(`home-${npm}-${way.replaceAll(' ', '')}`);
    const before = world.proxy.refused.length;
    const root = way === 'npx' ? await byNpx(tools, home) : await byInstall(tools, home);
    expect(world.proxy.refused.slice(before)).toEqual([]);

    const bytes = sizeOf(root);
    note(`installed ${(bytes / 1e6).toFixed(1)} MB in ${packagesBelow(root).length} packages`);
    expect(bytes).toBeLessThanOrEqual(MAX_INSTALLED_BYTES);
    expect(packagesBelow(root).filter(hasInstallScript)).toEqual([]);

    const program = join(root, 'logiq/bin/logiq.js');
    const run = must(await world.asNobody(tools, program, ['sample.csv'], input));
    expect(run.stdout.trim().split('\n')).toHaveLength(rowsOf('sample.csv'));
    expect(run.stdout).toMatch(/,embedding_classifier\n/);
    const version = must(await world.asNobody(tools, program, ['--version'], input));
    const help = must(await world.asNobody(tools, program, ['--help'], input));
    note(`warm first row ${s(run.firstRow)}, --version ${s(version.seconds)}, --help ${s(help.seconds)}`);
    expect(await runtimeOf(tools, program)).toMatchObject({ kind: 'packed', provider: 'cpu' });
  });
});

test('what is installed starts from few modules', () => {
  const { tools, program } = installedProgram();
  const { packages, own } = loadedModules(program, ['--embedder', 'none', '--quiet'], {
    stdin: 'one line\n',
    node: tools.node,
  });
  note(`by rules alone it loads ${own.length} modules of its own and of ${packages.join(', ')}`);
  expect(packages).toEqual(['commander', 'fastest-levenshtein', 'lru-cache']);
  expect(own.length).toBeLessThanOrEqual(MAX_START_MODULES);
});

test('every command of what is installed has help', () => {
  const { tools, program } = installedProgram();
  for (const command of ['classify', 'train', 'eval', 'learn', 'models', 'cache', 'config', 'doctor', 'serve']) {
    loadedModules(program, [command, '--help'], { node: tools.node });
  }
});

test('what is installed serves', async () => {
  const { tools, program } = installedProgram();
  const env = { PATH: process.env['PATH'], HOME: world.folder('serve-home') };
  const server = spawn(tools.node, [program, 'serve', '--port', '0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await readyAddress(server);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ log_text: 'nobody could reach the printer on the second floor' });
  const answer = await fetch(`${url}/classify`, { method: 'POST', headers, body });
  expect(await answer.json()).toMatchObject({ method: 'embedding_classifier' });
  for (const path of ['/', '/docs', '/openapi.json']) expect((await fetch(`${url}${path}`)).status).toBe(200);
  server.kill();
  expect((await once(server, 'exit'))[1]).toBe('SIGTERM');
});

test('what is installed trains on so many rows that threads fit the heads', async () => {
  const { tools, program } = installedProgram();
  const dir = world.folder('train');
  chmodSync(dir, 0o777); // for whoever `asNobody` is
  const word = (row: number): string => row.toString(6).replaceAll(/\d/g, (digit) => 'pqrstu'.charAt(Number(digit)));
  const rows = Array.from(
    { length: 6000 },
    (_, row) => `${row % 2 ? 'disk' : 'wire'} ${word(row)},${row % 2 ? 'a' : 'b'}`,
  );
  writeFileSync(join(dir, 'rows.csv'), `message,label\n${rows.join('\n')}\n`);
  const args = ['train', 'rows.csv', '-o', 'mine', '--features', 'ngrams', '-q'];
  must(await world.asNobody(tools, program, args, dir));
  writeFileSync(join(dir, 'new.csv'), 'message\ndisk zz\nwire zz\n');
  const { stdout } = must(await world.asNobody(tools, program, ['new.csv', '-q', '--model', './mine'], dir));
  expect(stdout).toMatch(/disk zz,a,[\s\S]*wire zz,b,/);
});

test.each(['cyclonedx', 'spdx'])('npm sbom tells what is installed, as %s', async (format) => {
  const { tools, prefix } = installedProgram();
  const project = world.folder(`sbom-${format}`);
  copyInstall(join(prefix, 'lib/node_modules'), join(project, 'node_modules'));
  const manifest = { name: 'user', version: '1.0.0', dependencies: { logiq: '*' } };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const sbom = must(await world.npm(tools, 'npm', ['sbom', '--omit', 'dev', '--sbom-format', format], project));
  expect(namesInSbom(sbom.stdout)).toEqual(expect.arrayContaining(['logiq', ...dependencies]));
});

test('without its native library it labels by WebAssembly, and alike', async () => {
  const { tools, prefix } = installedProgram();
  const hidden = join(world.folder('hidden'), 'prefix');
  copyInstall(prefix, hidden);
  rmSync(join(hidden, 'lib/node_modules/logiq/dist/onnxruntime/node'), { recursive: true });
  const programs = [prefix, hidden].map((path) => join(path, 'lib/node_modules/logiq/bin/logiq.js'));
  expect(await runtimeOf(tools, programs[1]!)).toMatchObject({ kind: 'wasm', provider: 'wasm' });

  takeRows(training, join(input, 'rows.csv'), isLong ? 5000 : 1000);
  const [native, wasm] = await Promise.all(
    programs.map(async (program) => must(await world.asNobody(tools, program, ['rows.csv', '--quiet'], input))),
  );
  const rows = [native!, wasm!].map(({ stdout }) => parse(stdout).slice(1).map(labelOf));
  const equal = rows[0]!.filter((label, at) => label === rows[1]![at]).length / rows[0]!.length;
  note(`WebAssembly labels ${(equal * 100).toFixed(2)} % of ${rows[0]!.length} rows as the native library does`);
  note(`first row: native ${s(native!.firstRow)}, WebAssembly ${s(wasm!.firstRow)}`);
  expect(rows[0]!.length).toBe(rows[1]!.length);
  expect(equal).toBeGreaterThanOrEqual(MIN_EQUAL_SHARE);
});

test('onnxruntime-node beside logiq is preferred', async () => {
  const { tools, prefix } = installedProgram();
  const beside = join(prefix, 'lib/node_modules');
  for (const name of ['onnxruntime-node', 'onnxruntime-common']) {
    cpSync(fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)), join(beside, name), {
      recursive: true,
    });
  }
  const program = join(beside, 'logiq/bin/logiq.js');
  expect(await runtimeOf(tools, program)).toMatchObject({ kind: 'installed', passedOver: [] });
});

function installedProgram(): { tools: Tools; prefix: string; program: string } {
  if (installed === undefined) throw new Error('nothing is installed');
  return { ...installed, program: join(installed.prefix, 'lib/node_modules/logiq/bin/logiq.js') };
}

/** @returns The folder that logiq and what it needs lie in. */
async function byInstall(tools: Tools, home: string): Promise<string> {
  const prefix = join(home, 'prefix');
  const { seconds } = must(await world.npm(tools, 'npm', ['install', '-g', '--prefix', prefix, world.tarball], home));
  note(`npm i -g ${s(seconds)}`);
  installed ??= { tools, prefix };
  return join(prefix, 'lib/node_modules');
}

async function byNpx(tools: Tools, home: string): Promise<string> {
  mkdirSync(join(home, 'node_modules')); // npx takes the folder for a project, not one above it
  const name = basename(world.tarball);
  cpSync(world.tarball, join(home, name));
  cpSync(join(input, 'sample.csv'), join(home, 'sample.csv'));
  const args = ['--yes', `./${name}`, 'sample.csv'];
  const cold = must(await world.npm(tools, 'npx', args, home));
  expect(cold.stdout.trim().split('\n')).toHaveLength(rowsOf('sample.csv'));
  const warm = must(await world.npm(tools, 'npx', args, home));
  note(`npx to the first row: cold ${s(cold.firstRow)}, again ${s(warm.firstRow)}`);
  const cache = join(home, '.npm/_npx');
  return join(cache, readdirSync(cache)[0] ?? '', 'node_modules');
}

async function runtimeOf(tools: Tools, program: string): Promise<unknown> {
  const { stdout } = must(await world.asNobody(tools, program, ['doctor', '--json'], input));
  const { checks } = JSON.parse(stdout) as { checks: ReadonlyArray<{ name: string; facts: unknown }> };
  return checks.find(({ name }) => name === 'runtime')?.facts;
}

/** Manifests of all packages in a `node_modules`, nested ones too. */
function packagesBelow(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|node_modules\/)(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(path))
    .map((path) => join(root, path));
}

/** npm runs node-gyp where there is a binding.gyp. */
function hasInstallScript(manifest: string): boolean {
  const { scripts = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { scripts?: Record<string, string> };
  const isCompiled = existsSync(manifest.replace(/package\.json$/, 'binding.gyp'));
  return isCompiled || ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
}

function sizeOf(root: string): number {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => statSync(join(root, path)));
  return paths.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}

function rowsOf(file: string): number {
  return readFileSync(join(input, file), 'utf8').trim().split('\n').length;
}

/** The header and `count` rows that are spread over the whole file. */
function takeRows(from: string, to: string, count: number): void {
  const [header, ...rows] = parse(gunzipSync(readFileSync(from)));
  const step = Math.max(1, Math.floor(rows.length / count));
  writeFileSync(to, stringify([header!, ...rows.filter((_, at) => at % step === 0)]));
}

/** Rows end in label, confidence and method; the input's own cells come first. */
function labelOf(row: string[]): string | undefined {
  return row.at(-3);
}

function s(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

function note(text: string): void {
  process.stdout.write(`  ${text}\n`);
}
