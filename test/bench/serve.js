// Measures the server on loopback: `node test/bench/serve.js [size of the upload, default 1GB; 0 for none] [FOLDER of logs]`.
// Linux; prints Markdown rows. The load comes from another process on the same machine, so the two share its cores. New
// templates are word salads, which only the encoder can decide, and with a folder, distinct ones of its logs.
import { spawnSync } from 'node:child_process';
import { closeSync, createReadStream, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { readDistinctLines } from './real-lines.js';
import { startServer, unseen } from './serving.js';

const SECONDS = 8;
/** Of real logs, which hold so many templates and no more. */
const SECONDS_OF_LOGS = 5;
const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));
const [, , size = '1GB', logs] = process.argv;

const known = [
  (n) => `sshd[${n}]: Failed password for invalid user oracle from 198.51.100.${n % 250} port ${n} ssh2`,
  (n) => `order ${n} priced in ${n % 90} ms for customer ${n % 7919}`,
  (n) => `ERROR: Database timeout after ${n} ms while waiting for a connection from the pool`,
  (n) => `cannot reserve item ${n}: warehouse ${n % 40} answered late`,
];
const server = await startServer();
const { url } = server;
const file = size === '0' ? undefined : input();
const fresh = file && { seconds: await upload(file), peak: residentPeakMb(server.pid) };
console.log(
  '| POST /classify | connections | requests/s | p50 ms | p95 ms | p99 ms | not 200 |\n|---|---|---|---|---|---|---|',
);
let count = 0;
const nextKnown = () => known[(count += 1) % known.length](count);
await load('warm up', 4, nextKnown, 2);
for (const connections of [1, 16, 64]) await load('known templates', connections, nextKnown, SECONDS);
const decided = [await loadWithNew('new templates', unseen, SECONDS)];
if (logs !== undefined) decided.push(await loadWithNew('new templates of real logs', takeFrom(logs), SECONDS_OF_LOGS));
console.log(`\n${decided.join('\n')}`);
if (file !== undefined) await compareUpload();
server.stop();

/** @returns What decided them. */
async function loadWithNew(name, message, seconds) {
  const before = await methods();
  for (const connections of [1, 16, 64]) await load(name, connections, message, seconds);
  const shares = Object.entries(await methods()).map(([method, rows]) => `${method} ${rows - (before[method] ?? 0)}`);
  return `${name} were decided by: ${shares.join(', ')}`;
}

/** Each line once, in random order. */
function takeFrom(folder) {
  const lines = readDistinctLines(folder, Infinity).map((line) => ({ line, key: Math.random() }));
  lines.sort((a, b) => a.key - b.key);
  return () => {
    const next = lines.pop();
    if (next === undefined) throw new Error(`${folder} holds too few templates for this machine.`);
    return next.line;
  };
}

async function methods() {
  const response = await fetch(`${url}/stats`);
  return (await response.json()).methods;
}

async function compareUpload() {
  const rows = await countRows(file);
  const used = { seconds: await upload(file), peak: residentPeakMb(server.pid) };
  const ran = commandLine(file);
  const row = (name, seconds, peak) =>
    `| ${name} | ${rows} | ${seconds.toFixed(1)} | ${Math.round(rows / seconds)} | ${(ran / seconds).toFixed(2)} | ${peak} |`;
  console.log('\n| same raw log in, CSV out | rows | s | rows/s | of the command line | peak memory, MB |');
  console.log('|---|---|---|---|---|---|');
  console.log(row('`logiq FILE`', ran, ''));
  console.log(row('`POST /classify-file`, before anything else', fresh.seconds, fresh.peak));
  console.log(row('`POST /classify-file`, after the requests above', used.seconds, used.peak));
}

async function load(name, connections, message, seconds) {
  const latencies = [];
  const run = autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/classify',
        headers: { 'content-type': 'application/json' },
        setupRequest: (sent) => ({ ...sent, body: JSON.stringify({ log_text: message() }) }),
      },
    ],
  });
  run.on('response', (_client, _status, _bytes, ms) => latencies.push(ms));
  const result = await run;
  latencies.sort((a, b) => a - b);
  const at = (share) => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1);
  const failed = result.non2xx + result.errors;
  const rate = Math.round(latencies.length / seconds);
  if (name !== 'warm up') {
    console.log(`| ${name} | ${connections} | ${rate} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${failed} |`);
  }
}

function input() {
  const path = join(tmpdir(), `logiq-bench-${size}.lines`);
  if (!existsSync(path)) {
    const out = openSync(path, 'w');
    const makeLog = fileURLToPath(new URL('make-log.js', import.meta.url));
    const { status } = spawnSync(process.execPath, [makeLog, size], { stdio: ['ignore', out, 'inherit'] });
    closeSync(out);
    if (status !== 0) rmSync(path);
  }
  return path;
}

async function countRows(path) {
  let lines = 0;
  for await (const chunk of createReadStream(path)) for (const byte of chunk) if (byte === 10) lines += 1;
  return lines;
}

/** Seconds from the first byte sent to the last one received. */
async function upload(path) {
  const startedAt = performance.now();
  const sent = request(`${url}/classify-file?format=csv&csv_safe=false`, { method: 'POST' });
  const answer = new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => response.on('error', reject).on('end', resolve).resume());
  });
  await Promise.all([pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), sent), answer]);
  return (performance.now() - startedAt) / 1000;
}

/** Seconds of a whole run of the program, start included. */
function commandLine(path) {
  const startedAt = performance.now();
  const args = [logiq, '-q', '--format', 'csv', '--no-csv-safe', path];
  spawnSync(process.execPath, args, { stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit'] });
  return (performance.now() - startedAt) / 1000;
}

function residentPeakMb(pid) {
  const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return Math.round(kilobytes / 1024);
}
