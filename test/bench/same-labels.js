// Whether labels depend on batch sizes, numbers of threads or the runtime: `node test/bench/same-labels.js FOLDER [lines]`
// labels lines of the folder's logs, no two of one template (default 5000), once in each way. It prints Markdown rows.
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readDistinctLines } from './real-lines.js';

const labelLines = fileURLToPath(new URL('label-lines.js', import.meta.url));
const wasmRuntime = new URL('wasm-runtime.js', import.meta.url).href;
const [, , folder, count = '5000'] = process.argv;

const reference = { batch: 512, threads: 2 };
const ways = [
  { batch: 1, threads: 2 },
  { batch: 37, threads: 2 },
  { batch: 4096, threads: 2 },
  { batch: 512, threads: 1 },
  { batch: 512, threads: 4 },
  { batch: 512, threads: 2, isWasm: true },
];

const lines = readDistinctLines(folder, Number(count));
const expected = await label(reference);
const embedded = expected.filter(({ method }) => method !== 'regex' && method !== 'lexical_classifier').length;
console.log(
  `${cpus().length} × ${cpus()[0].model}, Node ${process.version}: ${lines.length} lines, ${embedded} of them embedded; ` +
    `compared with batches of ${reference.batch}, ${reference.threads} threads, native\n`,
);
console.log('| batch | threads | runtime | same label | same method | largest difference of confidence |');
console.log('|---|---|---|---|---|---|');
for (const way of ways) {
  const found = await label(way);
  const share = (isSame) =>
    `${((100 * lines.filter((_, at) => isSame(found[at], expected[at])).length) / lines.length).toFixed(2)} %`;
  const furthest = found.reduce(
    (most, { confidence }, at) => Math.max(most, Math.abs(confidence - expected[at].confidence)),
    0,
  );
  const cells = [
    way.batch,
    way.threads,
    way.isWasm ? 'WebAssembly' : 'native',
    share((a, b) => a.label === b.label),
    share((a, b) => a.method === b.method),
    furthest.toExponential(1),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

async function label({ batch, threads, isWasm = false }) {
  const imports = isWasm ? ['--import', wasmRuntime] : [];
  const child = spawn(process.execPath, [...imports, labelLines, String(batch), String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(lines));
  return JSON.parse(await text(child.stdout));
}
