// The LLM stage against a server of this machine that answers as slowly as a real one:
// `node test/bench/llm.js FILE...` joins the files, repeats their lines with other numbers to 1,000,000 and runs the
// program over them offline, with the LLM, and with the LLM again.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startAnswering } from './answering-server.js';

const LINES = 1_000_000;
/** US dollars per million tokens: Groq's for openai/gpt-oss-20b in May 2026, nothing cached. */
const PRICE = { input: 0.075, output: 0.3 };
/** Tokens of a call that asks about one message. */
const ONE_CALL = { input: 1300, output: 120 };
/** Milliseconds until an answer, evenly spread. */
const LATENCY_MS = [300, 900];

const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'logiq-llm-bench-'));
const log = join(folder, 'joined.log');
await writeLog(process.argv.slice(2), log);

let calls = 0;
const server = await startAnswering(answer);

console.log(`${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
console.log(`answers after ${LATENCY_MS.join(' to ')} ms\n`);
console.log('| run | rows | templates | LLM calls | rows without a call | cost | one call a row | wall |');
console.log('|---|---|---|---|---|---|---|---|');
await run('offline', ['--offline']);
await run('cold', []);
await run('again', []);
server.close();

async function run(name, args) {
  const stats = join(folder, 'stats.json');
  calls = 0;
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [logiq, log, '-q', '-o', join(folder, 'out.csv'), '--stats', stats, '--llm-base-url', server.url, ...args],
    { stdio: 'inherit', env: { PATH: process.env.PATH, HOME: folder } },
  );
  await once(child, 'close');
  const seconds = (performance.now() - startedAt) / 1000;
  const { rows, templates, llm } = JSON.parse(readFileSync(stats, 'utf8'));
  const cost = ({ input, output }) => `$${((input * PRICE.input + output * PRICE.output) / 1e6).toFixed(4)}`;
  const spent = { input: llm.inputTokens, output: llm.outputTokens };
  const without = `${((1 - calls / rows) * 100).toFixed(4)} %`;
  const cells = [
    name,
    rows,
    templates,
    calls,
    without,
    cost(spent),
    cost({ input: rows * ONE_CALL.input, output: rows * ONE_CALL.output }),
    `${seconds.toFixed(1)} s`,
  ];
  console.log(`| ${cells.map((cell) => cell.toLocaleString('en-US')).join(' | ')} |`);
}

/** Repeats the files' lines with their longer numbers changed, so that templates recur and lines do not. */
async function writeLog(files, path) {
  const lines = [];
  for (const file of files)
    for await (const line of createInterface({ input: createReadStream(file) })) lines.push(line);
  const out = createWriteStream(path);
  let state = 1;
  const digit = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % 10;
  for (let start = 0; start < LINES; start += 1000) {
    const block = Array.from({ length: Math.min(1000, LINES - start) }, (_, at) =>
      lines[(start + at) % lines.length].replace(
        /\d{4,}/g,
        (number) => number.slice(0, 1) + number.slice(1).replace(/\d/g, digit),
      ),
    );
    if (!out.write(`${block.join('\n')}\n`)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

function answer([system, user]) {
  calls += 1;
  const answers = user.content.split('\n').map((line, at) => ({ n: at + 1, label: 'routine' }));
  const usage = {
    prompt_tokens: Math.round((system.content.length + user.content.length) / 4),
    completion_tokens: 60 + answers.length * 14,
  };
  return { answers, usage, wait: LATENCY_MS[0] + Math.random() * (LATENCY_MS[1] - LATENCY_MS[0]) };
}
