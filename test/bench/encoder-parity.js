// An encoder's token ids and vectors beside those of Python: `node test/bench/encoder-parity.js ENCODER LOGS [PYTHON]`.
// ENCODER is a folder in the hub's layout with a BERT-family export, LOGS a folder with logs; PYTHON (python3) has
// onnxruntime, tokenizers and numpy. The README of this folder tells where to get an encoder without a hub.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEncoderConfig } from '../../dist/embedders/encoder-config.js';
import { loadEmbedder } from '../../dist/embedders/index.js';
import { loadRuntime } from '../../dist/embedders/runtime.js';
import { createTokenizer } from '../../dist/embedders/tokenizer.js';
import { readDistinctLines } from './real-lines.js';

const LINES = 300;
/** Beside the logs' own: nothing, other scripts, what is cut off. */
const ODD = ['', ' \t ', 'naïve café, 磁盘已满 €3 😀 \u0000\ufeff', 'a'.repeat(5000), 'disk is full '.repeat(900)];

const [encoder = '.', logs = '.', python = 'python3'] = process.argv.slice(2);
const dir = resolve(encoder);
const texts = [...readDistinctLines(logs, LINES), ...ODD];

const { maxTokens, pooling, dim } = await readEncoderConfig(dir, {});
const tokenize = await createTokenizer(readFileSync(join(dir, 'tokenizer.json'), 'utf8'), maxTokens);
const ids = texts.map((text) => tokenize(text));
const embedder = await loadEmbedder(dir, { intraOpThreads: 1, sha256: {} });
const vectors = await embedder.embed(texts);
await embedder.close();

const reference = askPython();
const theirs = new Float32Array(Uint8Array.from(Buffer.from(reference.vectors, 'base64')).buffer);
const cosines = texts.map((_, row) => cosine(vectors, theirs, row)).toSorted((a, b) => a - b);
const equalIds = ids.filter((row, at) => JSON.stringify(row) === JSON.stringify(reference.ids[at])).length;
const cut = ids.filter(({ length }) => length === maxTokens).length;

console.log(`${basename(dir)}: ${pooling} pooling, ${dim} numbers, at most ${maxTokens} tokens`);
console.log(`ours: onnxruntime ${(await loadRuntime()).version}; Python: ${reference.versions}`);
console.log(`${texts.length} texts, ${cut} of them cut off; token ids equal in ${equalIds}`);
console.log(
  `cosine: lowest ${cosines[0].toFixed(7)}, mean ${(cosines.reduce((a, b) => a + b) / cosines.length).toFixed(7)}`,
);
process.exitCode = equalIds === texts.length && cosines[0] >= 0.9999 ? 0 : 1;

function askPython() {
  const script = fileURLToPath(new URL('encoder_reference.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script, dir], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${python} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

function cosine(a, b, row) {
  let sum = 0;
  for (let k = row * dim; k < (row + 1) * dim; k++) sum += a[k] * b[k];
  return sum;
}
