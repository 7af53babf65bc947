// What `learn` saves: `node test/bench/learn.js [--seeds N] FILE...` takes labelled CSVs (columns message, label and event; rows
// without a label or with `ambiguous` 1 are left out), splits their events in three, trains on the first part, classifies the second with
// an LLM of this machine that answers by the true labels, learns from it, and classifies the third, which no one has seen,
// with the old and the new model.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { createRandom } from '../../dist/head/folds.js';
import { createWireText } from '../../dist/llm/wire-text.js';
import { toTemplate } from '../../dist/template/normalise.js';
import { startAnswering } from './answering-server.js';

/** Shares of the events: trained on, first log, second log. */
const PARTS = { train: 0.05, first: 0.475 };
/** Surer than this counts as decided: of a model with a few dozen examples, one asks much. */
const THRESHOLD = '0.8';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'logiq-learn-bench-'));
const rows = positionals
  .flatMap((file) => parse(readFileSync(file), { columns: true }))
  .filter(({ label, ambiguous }) => label !== '' && ambiguous !== '1');
const wireText = createWireText('standard');
const labelOf = new Map(rows.map(({ message, label }) => [wireText(toTemplate(message)), label]));

let calls = 0;
const asked = new Set();
const server = await startAnswering(answer);

console.log(`${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
console.log(`${rows.length} rows, ${new Set(rows.map(({ label }) => label)).size} labels\n`);
console.log('| seed | second log | templates | asked of the LLM | LLM calls | right without the LLM |');
console.log('|---|---|---|---|---|---|');
for (let seed = 1; seed <= Number(values.seeds); seed++) await compare(seed);
server.close();
rmSync(folder, { recursive: true });

async function compare(seed) {
  const [train, first, second] = splitByEvent(seed);
  const path = (name) => join(folder, `${seed}-${name}`);
  write(path('train.csv'), train, ['message', 'label']);
  write(path('first.csv'), first, ['message']);
  write(path('second.csv'), second, ['message']);
  const meanings = [...new Set(rows.map(({ label }) => label))].map((label) => ({ label, meaning: '' }));
  write(path('labels.csv'), meanings, ['label', 'meaning']);
  await run(
    'train',
    path('train.csv'),
    '-o',
    path('old'),
    '--labels',
    path('labels.csv'),
    '--threshold',
    THRESHOLD,
    '-q',
  );
  await classify(path('first.csv'), path('old'), path('answered.csv'));
  await run('learn', path('answered.csv'), '--model', path('old'), '-o', path('new'), '--yes', '-q', '--json');
  for (const model of ['old', 'new']) {
    const found = await classify(path('second.csv'), path(model), path(`${model}.csv`));
    const labelled = parse(readFileSync(path(`${model}.csv`)), { columns: true });
    const own = labelled.flatMap(({ label, method }, at) => (method === 'llm' ? [] : [label === second[at].label]));
    const templates = new Set(second.map(({ message }) => toTemplate(message))).size;
    const right = `${own.filter(Boolean).length} of ${own.length}`;
    const name = model === 'old' ? 'before learning' : 'after';
    console.log(`| ${seed} | ${name} | ${templates} | ${found.asked} | ${found.calls} | ${right} |`);
  }
}

/** Answers of earlier runs are forgotten: only what was learned counts. */
async function classify(file, model, output) {
  calls = 0;
  asked.clear();
  rmSync(join(folder, 'cache', 'logiq', 'llm-answers.jsonl'), { force: true });
  await run(file, '--model', model, '-o', output, '-q', '--llm-base-url', server.url, '--no-csv-safe');
  return { calls, asked: asked.size };
}

async function run(...args) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    LOGIQ_LLM_API_KEY: 'none',
  };
  const child = spawn(process.execPath, [logiq, ...args], { stdio: ['ignore', 'ignore', 'inherit'], env });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`logiq ${args.join(' ')} ended with ${code}`);
}

function splitByEvent(seed) {
  const random = createRandom(seed);
  const placeOf = new Map();
  const events = [...new Set(rows.map(({ event }) => event))].toSorted((a, b) => (a < b ? -1 : 1));
  for (const event of events) placeOf.set(event, random());
  const part = (low, high) => rows.filter(({ event }) => placeOf.get(event) >= low && placeOf.get(event) < high);
  const border = PARTS.train + PARTS.first;
  return [part(0, PARTS.train), part(PARTS.train, border), part(border, 1)];
}

function write(path, table, columns) {
  const quote = (cell) => `"${cell.replaceAll('"', '""')}"`;
  writeFileSync(
    path,
    [columns.join(','), ...table.map((row) => columns.map((name) => quote(row[name])).join(','))].join('\n'),
  );
}

function answer([, user]) {
  calls += 1;
  const answers = user.content.split('\n').flatMap((line, at) => {
    const { log } = JSON.parse(line);
    asked.add(log);
    return labelOf.has(log) ? [{ n: at + 1, label: labelOf.get(log) }] : [];
  });
  return { answers, usage: { prompt_tokens: 1000, completion_tokens: 100 } };
}
