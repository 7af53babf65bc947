// From the command to the first labelled row, as users come to it: `node test/bench/npx.js [TARBALL]` (default: packs
// one). A registry on loopback has logiq and a package that does nothing, whose times are npm's own, and passes
// everything else on. Prints Markdown; HOME, cache and prefix are empty at first.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 5;

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'logiq-npx-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const upstream = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim();
const tarball = process.argv[2] === undefined ? pack(root) : resolve(process.argv[2]);

const registry = await serveRegistry([tarball, pack(nothing())]);
const home = join(folder, 'home');
const project = join(folder, 'project');
for (const path of [home, project]) mkdirSync(path);
cpSync(join(root, 'fixtures/sample.csv'), join(project, 'sample.csv'));
cpSync(tarball, join(project, 'logiq.tgz'));
writeFileSync(join(project, 'package.json'), '{}');
const row = ['sample.csv', '--quiet'];

console.log(
  `${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}, npm ${npmVersion()}\n`,
);
console.log('| to the first row | once | then, median of 5 |\n|---|---|---|');
await report('`npx nothing`: npm itself', 'npx', ['--yes', 'nothing']);
await report('`npx logiq FILE`', 'npx', ['--yes', 'logiq', ...row]);
await report('`npx ./logiq.tgz FILE`', 'npx', ['--yes', './logiq.tgz', ...row]);
await firstRow('npm', ['install', 'logiq']);
await report('`npx logiq FILE`, installed in the project', 'npx', ['logiq', ...row]);
await report('`logiq FILE`', join(project, 'node_modules/.bin/logiq'), row);
await report('`logiq FILE --embedder none`', join(project, 'node_modules/.bin/logiq'), [...row, '--embedder', 'none']);
await report('`logiq --help`', join(project, 'node_modules/.bin/logiq'), ['--help']);
registry.close();

async function report(name, command, args) {
  const once = await firstRow(command, args);
  const times = [];
  for (let run = 0; run < RUNS; run++) times.push(await firstRow(command, args));
  const median = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)];
  console.log(`| ${name} | ${once.toFixed(2)} s | ${median.toFixed(2)} s |`);
}

/** Seconds until the second line is there: the first is the header. */
async function firstRow(command, args) {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: project, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let seconds = NaN;
  let seen = '';
  let told = '';
  child.stderr.on('data', (chunk) => (told += chunk));
  child.stdout.on('data', (chunk) => {
    seen += chunk;
    if (Number.isNaN(seconds) && seen.split('\n').length > 2) seconds = (performance.now() - startedAt) / 1000;
  });
  const status = await new Promise((done) => child.on('close', done));
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${told}`);
  return seconds;
}

function environment() {
  return {
    PATH: process.env.PATH,
    HOME: home,
    npm_config_registry: `http://127.0.0.1:${registry.address().port}`,
    npm_config_update_notifier: 'false',
  };
}

/** A package like any other whose program does nothing. */
function nothing() {
  const path = join(folder, 'nothing');
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), '{ "name": "nothing", "version": "1.0.0", "bin": "bin.js" }');
  writeFileSync(join(path, 'bin.js'), "#!/usr/bin/env node\nconsole.log('a\\nb');\n");
  chmodSync(join(path, 'bin.js'), 0o755);
  return path;
}

function pack(path) {
  const out = mkdtempSync(join(folder, 'pack-'));
  must(spawnSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: path, encoding: 'utf8' }));
  return join(out, readdirSync(out)[0]);
}

/** The routes that npm asks for: a package's document and its tarball. */
async function serveRegistry(tarballs) {
  const packages = new Map(tarballs.map((path) => described(path)));
  const server = createServer((request, answer) => {
    const name = decodeURIComponent(request.url.slice(1));
    const own = packages.get(name.replace(/\.tgz$/, ''));
    if (own === undefined) void pass(request, answer);
    else if (name.endsWith('.tgz')) answer.end(own.bytes);
    else if (request.headers['if-none-match'] === own.etag) answer.writeHead(304).end();
    else {
      const tarballUrl = `http://127.0.0.1:${server.address().port}/${name}.tgz`;
      const version = { ...own.manifest, dist: { integrity: own.integrity, tarball: tarballUrl } };
      answer.setHeader('etag', own.etag);
      answer.end(
        JSON.stringify({ name, 'dist-tags': { latest: version.version }, versions: { [version.version]: version } }),
      );
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function described(path) {
  const bytes = readFileSync(path);
  const manifest = JSON.parse(
    must(spawnSync('tar', ['xzOf', path, 'package/package.json'], { encoding: 'utf8' })).stdout,
  );
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  return [manifest.name, { bytes, manifest, integrity, etag: `"${integrity}"` }];
}

async function pass({ url, headers }, answer) {
  try {
    const response = await fetch(new URL(url, upstream), { headers: { accept: headers.accept ?? '*/*' } });
    answer.writeHead(response.status, { 'content-type': response.headers.get('content-type') ?? '' });
    answer.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    answer.writeHead(502).end(String(error));
  }
}

function npmVersion() {
  return spawnSync('npm', ['--version'], { encoding: 'utf8' }).stdout.trim();
}

function must(ended) {
  if (ended.status !== 0) throw new Error(`exit ${ended.status}\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}
