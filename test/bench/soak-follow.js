// Follows a file that is written to at a high rate, rotated and emptied, and tells how memory and rows behave:
// `node test/bench/soak-follow.js [seconds] [lines a second] [further options of logiq ...]`. Build first.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const [, , seconds = '180', linesPerSecond = '20000', ...options] = process.argv;
const TICK_MS = 100;
const ROTATE_MS = 5000;

const folder = mkdtempSync(join(tmpdir(), 'logiq-soak-'));
const file = join(folder, 'app.log');
writeFileSync(file, '');
const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));
const child = spawn(process.execPath, [logiq, '-f', file, '--quiet', ...options], {
  stdio: ['ignore', 'pipe', 'inherit'],
});

let rows = -1; // the header
let latest = 0;
const latencies = [];
child.stdout.on('data', (chunk) => {
  for (const byte of chunk) if (byte === 0x0a) rows++;
  const stamp = /.*t=(\d{13})/s.exec(chunk.toString('latin1'))?.[1];
  if (stamp) latencies.push(Date.now() - Number(stamp));
});

let written = 0;
let rotations = 0;
const started = Date.now();
let rotateAt = started + ROTATE_MS;
while (Date.now() - started < Number(seconds) * 1000) {
  let text = '';
  const due = Math.floor(((Date.now() - started) / 1000) * Number(linesPerSecond));
  for (; written < due; written++) {
    const user = (written * 7919) % 100_003;
    text += `app[${written % 97}]: request ${written} of user${user} took ${written % 513} ms t=${Date.now()}\n`;
  }
  if (text) appendFileSync(file, text);
  if (Date.now() >= rotateAt) {
    rotateAt += ROTATE_MS;
    rotations++;
    if (rotations % 3 === 0) {
      await sleep(1000); // what is written between the last read and the cut is lost to anybody
      truncateSync(file, 0);
    } else {
      renameSync(file, `${file}.1`);
      writeFileSync(file, '');
    }
  }
  if (Date.now() - latest > 10_000) {
    latest = Date.now();
    const recent = latencies.splice(0).toSorted((a, b) => a - b);
    const at = (q) => recent[Math.floor(recent.length * q)] ?? 0;
    console.log(
      `${Math.round((latest - started) / 1000)} s: rss ${residentMb()} MB, written ${written}, rows ${rows}, ` +
        `latency p50 ${at(0.5)} ms p99 ${at(0.99)} ms`,
    );
  }
  await sleep(TICK_MS);
}
await sleep(2000);
const peak = residentMb();
child.kill('SIGINT');
const [code, signal] = await new Promise((resolve) => child.on('close', (...end) => resolve(end)));
console.log(`end: rss ${peak} MB, written ${written}, rows ${rows}, rotations ${rotations}, exit ${code ?? signal}`);
rmSync(folder, { recursive: true });
process.exitCode = rows === written ? 0 : 1;

function residentMb() {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024);
}
