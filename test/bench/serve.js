// Measures the server on loopback: `node test/bench/serve.js [size of the upload, default 1GB]`. Linux; prints Markdown rows.
// The load comes from another process on the same machine, so the two share its cores.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, createReadStream, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

const SECONDS = 8;
const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));
const [, , size = '1GB'] = process.argv;

const known = [
  (n) => `sshd[${n}]: Failed password for invalid user oracle from 198.51.100.${n % 250} port ${n} ssh2`,
  (n) => `order ${n} priced in ${n % 90} ms for customer ${n % 7919}`,
  (n) => `ERROR: Database timeout after ${n} ms while waiting for a connection from the pool`,
  (n) => `cannot reserve item ${n}: warehouse ${n % 40} answered late`,
];
const words = 'disk queue lease shard token quota probe relay vault index batch frame route cache agent'.split(' ');

/** A message whose template nobody has seen: no two have the same words, numbers would be placeholders. */
function unseen() {
  const random = () =>
    Math.random()
      .toString(36)
      .replace(/[0-9.]/g, '')
      .slice(0, 6);
  const word = () => words[Math.floor(Math.random() * words.length)];
  return `${word()} ${random()} of ${word()} ${random()} could not ${word()} the ${random()} in time`;
}

const server = spawn(process.execPath, [logiq, 'serve', '--port', '0', '--rate-limit', '0'], {
  stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'],
});
const url = await listening(server);
console.log(
  `${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
);
console.log(
  '| POST /classify | connections | requests/s | p50 ms | p95 ms | p99 ms | not 200 |\n|---|---|---|---|---|---|---|',
);
let count = 0;
const nextKnown = () => known[(count += 1) % known.length](count);
await load('warm up', 4, nextKnown, 2);
for (const connections of [1, 16, 64]) await load('known templates', connections, nextKnown, SECONDS);
for (const connections of [1, 16, 64]) await load('new templates', connections, unseen, SECONDS);

const file = input();
const rows = await countRows(file);
const served = await upload(file);
const peak = residentPeakMb(server.pid);
server.kill();
const ran = commandLine(file);
console.log('\n| same raw log in, CSV out | rows | s | rows/s | peak memory |\n|---|---|---|---|---|');
console.log(`| \`logiq FILE\` | ${rows} | ${ran.toFixed(1)} | ${Math.round(rows / ran)} | |`);
console.log(`| \`POST /classify-file\` | ${rows} | ${served.toFixed(1)} | ${Math.round(rows / served)} | ${peak} MB |`);
console.log(`\nserver to command line: ${(ran / served).toFixed(2)}`);

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

async function listening(child) {
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /listening on (\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    for (;;) {
      const { status } = await fetch(`${address}/readyz`);
      if (status === 200) return address;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('The server did not start.');
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
