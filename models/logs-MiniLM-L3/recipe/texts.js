// Writes what finetune.py reads: `node texts.js FOLDER WORK_DIR`. FOLDER holds labelled text (see
// ../../logiq-base/training-rows.js) and, in corpus/, raw lines and log statements without labels.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { predictScores } from '../../../dist/head/predict.js';
import { sparseFeatures } from '../../../dist/head/sparse.js';
import { countEach, fitVocabulary, toTfidf } from '../../../dist/head/tfidf.js';
import { fitAll } from '../../../dist/models/held-out.js';
import { isHeldOutSystem } from '../../../dist/models/train-apart.js';
import { toTemplate } from '../../../dist/template/normalise.js';
import { toWords } from '../../../dist/template/words.js';
import { logStatements, rawLines } from '../../logiq-base/corpus.js';
import { readTrainingRows, withoutWildcards } from '../../logiq-base/training-rows.js';

const UNLABELLED_OF_EACH = 60_000;
const SHORTEST = 8; // characters
const LONGEST_LINE = 2000;
const C = 10;

const [folder, work] = process.argv.slice(2);
if (work === undefined) throw new Error('Usage: node texts.js FOLDER WORK_DIR');
await mkdir(work, { recursive: true });

const labels = JSON.parse(await readFile(new URL('../../logiq-base/labels.json', import.meta.url), 'utf8'));
const names = labels.map(({ label }) => label).toSorted();
const rows = (await readTrainingRows(new Set(names), folder)).map((row) => ({ ...row, text: toText(row.message) }));
const records = rows.map((row) => [row.text, row.label, row.weight, isHeldOutSystem(row) ? 1 : 0].join('\t'));
await writeFile(join(work, 'labelled.tsv'), `text\tlabel\tweight\theld_out\n${records.join('\n')}\n`);

const unlabelled = await readUnlabelled(new Set([...rows.map(({ text }) => text), ...(await readExam())]));
await writeFile(join(work, 'unlabelled.txt'), `${unlabelled.join('\n')}\n`);
await writeFile(join(work, 'lexical.f32'), await scoreByNgrams(rows.filter((row) => !isHeldOutSystem(row)), unlabelled));

function toText(line) {
  return toWords(toTemplate(line)).replace(/[\t\r\n]/g, ' ');
}

/** No text of the exam may be learned from, labelled or not. */
async function readExam() {
  const exam = parse(await readFile(join(folder, 'data', 'dev_v1.csv')), { columns: true, relax_quotes: true });
  return exam.map(({ message }) => toText(message));
}

/** Raw lines and log statements, one of those that differ in letter case or numbers alone. */
async function readUnlabelled(known) {
  const raw = await distinct(rawLines(folder), known);
  const statements = await distinct(templatesOf(logStatements(folder)), known);
  const random = randomFrom(1);
  return [...sample(raw, UNLABELLED_OF_EACH, random), ...sample(statements, UNLABELLED_OF_EACH, random)];
}

async function* templatesOf(statements) {
  for await (const { template } of statements) yield template;
}

async function distinct(found, known) {
  const byShape = new Map();
  for await (const line of found) {
    const text = toText(withoutWildcards(line.slice(0, LONGEST_LINE)));
    const shape = text.replaceAll('0', '').toLowerCase();
    if (text.length >= SHORTEST && !known.has(text) && !byShape.has(shape)) byShape.set(shape, text);
  }
  return [...byShape.values()];
}

/** Shuffled as far as needed, after Fisher and Yates. */
function sample(texts, count, random) {
  const all = [...texts];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.slice(0, count);
}

/** A linear congruential generator, so that the same texts are taken each time. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Scores before softmax of a head over n-grams, float32 [texts, labels in alphabetical order]. */
async function scoreByNgrams(fitted, texts) {
  const weights = new Map();
  for (const { text, label, weight } of fitted) {
    const key = `${text}\t${label}`;
    weights.set(key, Math.max(weights.get(key) ?? 0, weight));
  }
  const pairs = [...weights.keys()].map((key) => key.split('\t'));
  const counts = countEach(pairs.map(([text]) => text));
  const vocabulary = fitVocabulary(counts, 2);
  const data = {
    features: sparseFeatures(toTfidf(counts, vocabulary)),
    truth: pairs.map(([, label]) => names.indexOf(label)),
    rowWeights: Float64Array.from(weights.values()),
    classes: names.length,
  };
  const { head } = await fitAll(data, C, new AbortController().signal);
  return Float32Array.from(predictScores(sparseFeatures(toTfidf(countEach(texts), vocabulary)), head));
}
