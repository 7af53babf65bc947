// Makes head.bin, ngrams.bin, lexical.bin and metadata.json of this folder: `npm run train:base -- FOLDER`, where FOLDER
// holds the labelled text that is not the project's; without it, from training.csv.gz and labels.json alone.
// The same text, code and package versions give the same bytes on the same kind of CPU.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startEmbedder } from '../../dist/embedders/remote.js';
import { describeModel, encodeModel } from '../../dist/models/describe.js';
import { locateEmbedder } from '../../dist/models/locate.js';
import { saveModel } from '../../dist/models/save.js';
import { isHeldOutSystem, trainApart } from '../../dist/models/train-apart.js';
import { toExamples } from '../../dist/training/examples.js';
import { readTrainingRows } from './training-rows.js';

const facts = { name: 'logiq-base', threshold: 0.5, leastKnown: 0.9, date: '2026-11-30', folds: 1, seed: 1 };
const embedderName = 'logs-MiniLM-L3';
const c = 10;
// Held-out accuracy alone would let n-grams decide sooner. But where they are wrong on lines of new kinds they are sure of it,
// and the share of such lines that can be answered at a given precision grows with what the encoder sees.
const floors = { lexicalThreshold: 0.85 };

const folder = fileURLToPath(new URL('.', import.meta.url));
const [training, labelsJson] = await Promise.all(['training.csv.gz', 'labels.json'].map((name) => readFile(folder + name)));
const labels = JSON.parse(labelsJson.toString());
const names = labels.map(({ label }) => label);

const rows = await readTrainingRows(new Set(names), process.argv[2]);
const fitted = toExamples(rows.filter((row) => !isHeldOutSystem(row)));
const known = new Set(fitted.map(({ template }) => template));
const heldOut = toExamples(rows.filter(isHeldOutSystem)).filter(({ template }) => !known.has(template));
console.error(`${fitted.length} examples to fit on, ${heldOut.length} of other systems held out`);

const dir = await locateEmbedder(embedderName, folder);
const embedder = startEmbedder(dir);
const kept = new Set(heldOut);
const examples = [...fitted, ...heldOut];
const trained = await trainApart(examples, (texts, signal) => embedder.embed(texts, signal), {
  labels: names,
  c,
  floors,
  isHeldOut: (example) => kept.has(example),
  signal: new AbortController().signal,
});
await embedder.close();

const metadata = await describeModel(trained, examples, { ...facts, embedder: { name: embedderName, dir }, labels });
await saveModel(folder, metadata, { ...encodeModel(trained), 'training.csv.gz': training, 'labels.json': labelsJson });
const { rows: count, templates, crossValidation } = metadata.training;
console.log(JSON.stringify({ rows: count, templates, temperature: metadata.temperature, lexical: metadata.lexical, crossValidation }, null, 2));
