// Makes head.bin and metadata.json of this folder from training.csv and labels.json: `npm run train:base`.
// The same text, code and package versions give the same bytes on the same kind of CPU.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { startEmbedder } from '../../dist/embedders/remote.js';
import { encodeHead, HEAD_FILE } from '../../dist/models/head-file.js';
import { describeModel } from '../../dist/models/describe.js';
import { locateEmbedder } from '../../dist/models/locate.js';
import { saveModel } from '../../dist/models/save.js';
import { trainModel } from '../../dist/models/train.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const read = (name) => readFile(new URL(name, import.meta.url));

const options = { c: 3, folds: 5, seed: 1, signal: new AbortController().signal };
const facts = { name: 'logiq-base', embedder: 'all-MiniLM-L6-v2', threshold: 0.5, date: '2026-11-24' };

const [trainingCsv, labelsJson] = await Promise.all([read('training.csv'), read('labels.json')]);
const rows = parse(trainingCsv, { columns: true });
const labels = JSON.parse(labelsJson.toString());

const embedder = startEmbedder(await locateEmbedder(facts.embedder, folder));
const trained = await trainModel(rows, embedder, { ...options, labels: labels.map(({ label }) => label) });
await embedder.close();

const metadata = await describeModel(trained, rows, { ...facts, ...options, labels });
await saveModel(folder, metadata, {
  [HEAD_FILE]: encodeHead(trained.head),
  'training.csv': trainingCsv,
  'labels.json': labelsJson,
});
const { rows: count, templates, crossValidation } = metadata.training;
console.log(JSON.stringify({ rows: count, templates, temperature: metadata.temperature, crossValidation }, null, 2));
