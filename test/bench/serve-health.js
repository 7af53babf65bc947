// Measures how long /healthz takes while the server has more to do than it can: `node test/bench/serve-health.js`. Prints
// Markdown rows. Load and probes come from two other processes on the same machine, so the three share its cores.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { startServer, unseen } from './serving.js';

const SECONDS = 8;
const UPLOADS = 1000;
const prober = fileURLToPath(new URL('probe-health.js', import.meta.url));
const json = { 'content-type': 'application/json' };

// Made beforehand: what is measured is how the server takes a burst, which making it would stretch.
const bodies = Array.from({ length: UPLOADS }, () => `${lines(200).join('\n')}\n`);
const server = await startServer();
const { url, healthUrl } = server;
console.log('| health during | port | probes | p50 ms | p95 ms | p99 ms | max ms | failed | answers |');
console.log('|---|---|---|---|---|---|---|---|---|');
await probed('nothing else', () => new Promise((resolve) => setTimeout(resolve, 2000)));
await probed('new templates, 64 connections', () =>
  cannon({ connections: 64, duration: SECONDS }, '/classify', () => JSON.stringify({ log_text: unseen() }), json),
);
await probed('200 new templates a request, 4 connections', () =>
  cannon({ connections: 4, duration: SECONDS }, '/classify', () => JSON.stringify({ logs: lines(200) }), json),
);
await probed(`${UPLOADS} uploads of 200 new templates at once`, () =>
  cannon({ connections: UPLOADS, amount: UPLOADS }, '/classify-file', () => bodies.pop()),
);
const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1];
console.log(`\npeak memory of the server: ${Math.round(Number(peak) / 1024)} MB`);
server.stop();

function lines(count) {
  return Array.from({ length: count }, unseen);
}

/** @returns The answers by status. */
async function cannon(options, path, body, headers = {}) {
  const setupRequest = (sent) => ({ ...sent, body: body() });
  const result = await autocannon({
    url,
    timeout: 120,
    ...options,
    requests: [{ method: 'POST', path, headers, setupRequest }],
  });
  const answers = Object.entries(result.statusCodeStats).map(([status, { count }]) => `${count} × ${status}`);
  return [...answers, ...(result.errors > 0 ? [`${result.errors} broken`] : [])].join(', ');
}

async function probed(name, load) {
  const ports = Object.entries({ main: url, health: healthUrl });
  const probes = ports.map(([, address]) =>
    spawn(process.execPath, [prober, address], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const reports = probes.map(({ stdout }) => text(stdout));
  const answers = (await load()) ?? '';
  for (const probe of probes) probe.stdin.end();
  for (const [index, [port]] of ports.entries()) {
    const { latencies, failed } = JSON.parse(await reports[index]);
    const at = (share) =>
      (latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0).toFixed(1);
    const quantiles = [0.5, 0.95, 0.99, 1].map(at).join(' | ');
    console.log(`| ${name} | ${port} | ${latencies.length} | ${quantiles} | ${failed} | ${answers} |`);
  }
}
