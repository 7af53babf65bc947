// Asks `node test/bench/probe-health.js URL` for its health every 50 ms over a new connection, from a process of its own: what
// loads the server is not measured with it. At the end of stdin it prints {"latencies":[ms, ascending],"failed":n} and ends.
import { request } from 'node:http';

const EVERY_MS = 50;
const TIMEOUT_MS = 60_000;
const [, , url] = process.argv;

const latencies = [];
let failed = 0;
let open = 0;
const timer = setInterval(probe, EVERY_MS);
process.stdin.resume().on('end', () => {
  clearInterval(timer);
  report();
});

function probe() {
  open += 1;
  const startedAt = performance.now();
  const answered = (isHealthy) => {
    open -= 1;
    if (isHealthy) latencies.push(performance.now() - startedAt);
    else failed += 1;
  };
  const sent = request(`${url}/healthz`, { agent: false, timeout: TIMEOUT_MS });
  sent.on('timeout', () => sent.destroy(new Error('late')));
  sent.on('error', () => answered(false));
  sent.on('response', (response) => response.on('end', () => answered(response.statusCode === 200)).resume());
  sent.end();
}

function report() {
  if (open > 0) setTimeout(report, EVERY_MS);
  else console.log(JSON.stringify({ latencies: latencies.toSorted((a, b) => a - b), failed }));
}
