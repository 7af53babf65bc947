// Makes head.bin and metadata.json of this folder from training.csv and labels.json: `npm run train:base`.
// The same text, code and package versions give the same bytes on the same kind of CPU.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { startEmbedder } from '../../dist/embedders/remote.js';
import { describeModel, encodeModel } from '../../dist/models/describe.js';
import { locateEmbedder } from '../../dist/models/locate.js';
import { saveModel } from '../../dist/models/save.js';
import { trainModel } from '../../dist/models/train.js';
import { toExamples } from '../../dist/training/examples.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const read = (name) => readFile(new URL(name, import.meta.url));

const { signal } = new AbortController();
const options = { features: ['embedding', 'ngrams'], c: 3, leastTemperature: 1, folds: 5, seed: 1, signal };
const facts = { name: 'logiq-base', threshold: 0.5, date: '2026-11-24' };
const embedderName = 'all-MiniLM-L6-v2';

const [trainingCsv, labelsJson] = await Promise.all([read('training.csv'), read('labels.json')]);
const rows = parse(trainingCsv, { columns: true });
const labels = JSON.parse(labelsJson.toString());
const examples = toExamples(rows);

const dir = await locateEmbedder(embedderName, folder);
const embedder = startEmbedder(dir);
const trained = await trainModel(examples, (texts, abort) => embedder.embed(texts, abort), {
  ...options,
  labels: labels.map(({ label }) => label),
  onProgress: (step, done, total) => console.error(`${step} ${done} of ${total}`),
});
await embedder.close();

const embedderFacts = { name: embedderName, dir };
const metadata = await describeModel(trained, examples, { ...facts, ...options, embedder: embedderFacts, labels });
await saveModel(folder, metadata, { ...encodeModel(trained), 'training.csv': trainingCsv, 'labels.json': labelsJson });
const { rows: count, templates, crossValidation } = metadata.training;
console.log(JSON.stringify({ rows: count, templates, temperature: metadata.temperature, crossValidation }, null, 2));
