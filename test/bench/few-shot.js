// `train` on few labelled lines against scikit-learn on the same splits:
// `node test/bench/few-shot.js DATA EMBEDDER PYTHON [SEEDS] [FIRST_SEED]`. DATA holds fail2ban.csv, pganalyze.csv, crowdsec.csv and
// codebasics.csv with the columns message, native_label and event; EMBEDDER is a folder; PYTHON has scikit-learn.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startEmbedder } from '../../dist/embedders/remote.js';
import { evaluate } from '../../dist/head/evaluate.js';
import { createRandom } from '../../dist/head/folds.js';
import { countEach, toTfidf } from '../../dist/head/tfidf.js';
import { sumNgrams } from '../../dist/models/ngram-weights.js';
import { scoreTexts } from '../../dist/models/score.js';
import { trainModel } from '../../dist/models/train.js';
import { toTemplate } from '../../dist/template/normalise.js';
import { toWords } from '../../dist/template/words.js';
import { toExamples } from '../../dist/training/examples.js';
import { readSets, split } from './few-shot-sets.js';

const KS = [8, 32, 128];
const RESAMPLES = 1000;
const FOLDS = 5;

const [folder, embedderDir, python, seeds = '5', firstSeed = '1'] = process.argv.slice(2);
const { signal } = new AbortController();
const wordsOf = ({ message }) => toWords(toTemplate(message));
const sets = readSets(folder);
const embed = await embedOnce([...new Set(sets.flatMap(({ rows }) => rows.map(wordsOf)))]);

const cells = sets.flatMap(({ name, rows }) =>
  Array.from({ length: Number(seeds) }, (_, at) => Number(firstSeed) + at).flatMap((seed) => {
    const { train, test } = split(rows, KS, createRandom(seed));
    return KS.map((k) => ({ name, k, seed, train: train.get(k), test }));
  }),
);
const baselines = predictByPython(cells);
for (const [at, cell] of cells.entries()) {
  cell.predicted = { ...baselines[at], logiq: await predict(cell) };
  process.stderr.write(`${cell.name}, ${cell.k} a label, seed ${cell.seed}\n`);
}

console.log('| set | k | logiq | plain | logiq − plain (95 %) | strong | logiq − strong (95 %) |');
console.log('|---|---|---|---|---|---|---|');
for (const { name } of sets) {
  for (const k of KS) {
    const own = cells.filter((cell) => cell.name === name && cell.k === k);
    const mean = (who) => own.reduce((sum, cell) => sum + macroF1(cell, who), 0) / own.length;
    const against = (other) => {
      const [low, high] = interval(own, other);
      return `${mean(other).toFixed(3)} | ${(mean('logiq') - mean(other)).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
    };
    console.log(`| ${name} | ${k} | ${mean('logiq').toFixed(3)} | ${against('plain')} | ${against('strong')} |`);
  }
}

async function embedOnce(texts) {
  const remote = startEmbedder(embedderDir);
  const vectors = await remote.embed(texts, signal);
  await remote.close();
  const dim = vectors.length / texts.length;
  const placeOf = new Map(texts.map((text, at) => [text, at]));
  return async (wanted) => {
    const chosen = new Float32Array(wanted.length * dim);
    for (const [to, text] of wanted.entries()) {
      const from = placeOf.get(text) * dim;
      chosen.set(vectors.subarray(from, from + dim), to * dim);
    }
    return chosen;
  };
}

function predictByPython(tasks) {
  const input = JSON.stringify(
    tasks.map(({ train, test }) => ({
      train: train.map(({ message, label }) => [message, label]),
      test: test.map(({ message }) => message),
    })),
  );
  const script = fileURLToPath(new URL('few_shot_baseline.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** As `logiq train FILE` and `logiq FILE --model` do it. */
async function predict({ train, test, seed }) {
  const examples = toExamples(train);
  const labels = [...new Set(examples.map(({ label }) => label))];
  const folds = Math.min(FOLDS, new Set(examples.map(({ group }) => group)).size);
  const options = { labels, features: ['embedding', 'ngrams'], folds, seed, signal };
  const trained = await trainModel(examples, embed, options);
  const texts = test.map(wordsOf);
  const sums = sumNgrams(toTfidf(countEach(texts), trained.ngrams.vocabulary), trained.ngrams);
  const scores = scoreTexts(await embed(texts), sums, texts.length, { ...trained, labels });
  return scores.map(({ guess }) => guess.label);
}

function macroF1({ test, predicted }, who, rows = test.keys()) {
  const chosen = [...rows];
  const labels = [...new Set([...test.map(({ label }) => label), ...predicted[who]])];
  const probabilities = new Float64Array(chosen.length * labels.length);
  for (const [at, row] of chosen.entries()) probabilities[at * labels.length + labels.indexOf(predicted[who][row])] = 1;
  return evaluate(
    probabilities,
    chosen.map((row) => labels.indexOf(test[row].label)),
    labels,
  ).macroF1;
}

/** Paired bootstrap over the test events of each seed: the same ones for both. */
function interval(own, other) {
  const random = createRandom(7);
  const eventsOf = own.map(({ test }) => {
    const rows = new Map(test.map(({ event }) => [event, []]));
    for (const [row, { event }] of test.entries()) rows.get(event).push(row);
    return [...rows.values()];
  });
  const differences = Array.from({ length: RESAMPLES }, () => {
    const each = own.map((cell, at) => {
      const events = eventsOf[at];
      const rows = events.flatMap(() => events[Math.floor(random() * events.length)]);
      return macroF1(cell, 'logiq', rows) - macroF1(cell, other, rows);
    });
    return each.reduce((sum, difference) => sum + difference, 0) / own.length;
  }).toSorted((a, b) => a - b);
  return [differences[Math.floor(0.025 * RESAMPLES)], differences[Math.floor(0.975 * RESAMPLES)]];
}
