// Measures how many distinct templates a second are labelled: `node test/bench/templates.js FOLDER [lines]` takes lines of the
// folder's logs, no two of one template (default 5000). It prints Markdown rows. The model is loaded beforehand.
import { availableParallelism, cpus } from 'node:os';
import { openCascade } from '../../dist/cascade.js';
import { startEmbedder } from '../../dist/embedders/remote.js';
import { labelRows } from '../../dist/evaluation/label-rows.js';
import { createFallbackStage } from '../../dist/stages/fallback.js';
import { createModelStage, createScorer } from '../../dist/stages/model.js';
import { createMemo } from '../../dist/template/memo.js';
import { readDistinctLines } from './real-lines.js';

const WARM_UP = 500;
const REPETITIONS = 3;
const EMBEDDED = new Set(['embedding_classifier', 'fallback']);

const [, , folder, count = '5000'] = process.argv;
const { signal } = new AbortController();
const threads = Math.min(2, availableParallelism());
const all = readDistinctLines(folder, Number(count) + WARM_UP).map((message) => ({ message, label: '' }));
// spread evenly over the logs, like the rest
const [warmUp, rows] = [true, false].map((isWarm) =>
  all.filter((_, at) => isEveryNth(at, all.length / WARM_UP) === isWarm),
);

console.log(
  `${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${threads} threads: ${rows.length} lines\n`,
);
console.log(`| way | median of ${REPETITIONS}, templates/s | embedded |\n|---|---|---|`);
await measure('as shipped', () => open(undefined));
await measure('as shipped, without rules', async () => withoutRules(await open(undefined)));
await measure('n-grams alone (`--embedder ngrams`), without rules', async () => withoutRules(await open('ngrams')));
await measure('encoder for every template, without rules', openWithoutLexical);

function open(embedder) {
  const settings = { model: 'logiq-base', embedder, threads, device: 'cpu', offline: true };
  return openCascade(settings, { cwd: process.cwd(), env: {} });
}

function withoutRules({ stages, close }) {
  return { stages: stages.filter(({ name }) => name !== 'regex'), close };
}

async function openWithoutLexical() {
  const { model, threshold, close } = await open('ngrams');
  const embedder = startEmbedder(model.embedderDir, { threads });
  const { ask } = createMemo(createScorer(embedder, { ...model, lexical: undefined }, threshold), {
    maxEntries: 200_000,
  });
  return {
    stages: [createModelStage(ask, threshold), createFallbackStage(ask)],
    close: () => Promise.all([close(), embedder.close()]),
  };
}

/** Each repetition starts anew: a template that is known is not asked for again. */
async function measure(name, openStages) {
  const rates = [];
  let embedded = 0;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const { stages, close } = await openStages();
    await labelRows(warmUp, stages, signal);
    const startedAt = performance.now();
    const outcomes = await labelRows(rows, stages, signal);
    rates.push((1000 * rows.length) / (performance.now() - startedAt));
    embedded = outcomes.filter(({ method }) => EMBEDDED.has(method)).length;
    await close();
  }
  const share = name.startsWith('n-grams') ? '–' : `${Math.round((100 * embedded) / rows.length)} %`;
  const rate = Math.round(rates.toSorted((a, b) => a - b)[Math.floor(REPETITIONS / 2)]);
  console.log(`| ${name} | ${rate.toLocaleString('en-US')} | ${share} |`);
}

function isEveryNth(at, step) {
  return Math.floor(at / step) !== Math.floor((at - 1) / step);
}
