// Measures whole runs of the program: `node test/bench/run.js [size]` (default 100MB). Linux; prints Markdown rows.
// Inputs are made by make-log.js in the temporary folder and kept there for the next run.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));
const makeLog = fileURLToPath(new URL('make-log.js', import.meta.url));
const [, , size = '100MB'] = process.argv;

const lines = input('lines');
const csv = input('csv');
const first = input('lines', '10KB');

console.log(
  `${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
);
console.log('| run | rows | rows/s | peak memory | wall |\n|---|---|---|---|---|');
await measure('raw lines, rules only', ['--embedder', 'none', lines]);
await measure('raw lines, model on', [lines]);
await measure('CSV, rules only', ['--embedder', 'none', csv]);
await measure('CSV, model on', [csv]);
console.log('\n| start | median of 5, wall ms |\n|---|---|');
await firstByte('`--version`', ['--version']);
await firstByte('first row, rules only', ['--embedder', 'none', '-q', first]);
await firstByte('first row, model on', ['-q', first]);

function input(format, bytes = size) {
  const file = join(tmpdir(), `logiq-bench-${bytes}.${format}`);
  if (!existsSync(file)) {
    const out = openSync(file, 'w');
    const { status } = spawnSync(process.execPath, [makeLog, bytes, format], { stdio: ['ignore', out, 'inherit'] });
    closeSync(out);
    if (status !== 0) rmSync(file);
  }
  return file;
}

async function measure(name, args) {
  const stats = join(tmpdir(), 'logiq-bench-stats.json');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [logiq, '--quiet', '--stats', stats, ...args], {
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit'],
  });
  let peakKb = 0;
  const poll = setInterval(() => (peakKb = Math.max(peakKb, residentPeakKb(child.pid))), 20);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(poll);
  const seconds = (performance.now() - startedAt) / 1000;
  const { rows } = JSON.parse(readFileSync(stats, 'utf8'));
  const cells = [name, rows, Math.round(rows / seconds), `${Math.round(peakKb / 1024)} MB`, `${seconds.toFixed(1)} s`];
  console.log(`| ${cells.map((cell) => cell.toLocaleString('en-US')).join(' | ')} |`);
}

/** High-water mark of the process's resident memory, in kB; 0 once it is gone. */
function residentPeakKb(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Wall time from the start of the process to the last line of its first chunk of rows. */
async function firstByte(name, args) {
  const times = [];
  for (let run = 0; run < 5; run++) {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [logiq, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let seen = '';
    for await (const chunk of child.stdout) {
      seen += chunk;
      if (args[0] === '--version' || seen.split('\n').length > 2) break; // the header is no row
    }
    times.push(performance.now() - startedAt);
    child.kill();
    await new Promise((resolve) => child.on('close', resolve));
  }
  console.log(`| ${name} | ${Math.round(times.toSorted((a, b) => a - b)[2])} |`);
}
