// Examines a model on labelled rows of systems that its training never saw, beside the usual baselines, which are fitted
// on the text of logiq-base: `npm run exam -- FOLDER`, the folder of `npm run train:base`. Nothing is sent anywhere, and
// nothing is kept but embeddings, in the user's cache.
import { existsSync } from 'node:fs';
import { access, constants, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT, LogiqError } from '../../dist/errors.js';
import { labelRows } from '../../dist/evaluation/label-rows.js';
import { loadModel } from '../../dist/models/load.js';
import { visibleBlock } from '../../dist/output/terminal.js';
import { toTemplate } from '../../dist/template/normalise.js';
import { toWords } from '../../dist/template/words.js';
import { openRememberingEmbedder } from '../../dist/training/train-folder.js';
import { fitBaselines } from './baselines.js';
import { readExam } from './read-exam.js';
import { readText } from './read-text.js';
import { renderReport } from './render.js';
import { createReport } from './report.js';
import { openShipped } from './shipped.js';
import { embedOnce } from './vectors.js';

const command = new Command('exam')
  .description('Score a model on systems that its training never saw, beside baselines fitted on the same text.')
  .argument('<folder>', 'holds model/labelled_templates.tsv, model/labelled_lines.tsv and data/dev_v1.csv')
  .option('--rows <file>', 'CSV with the columns id, dataset, label, message (default: data/dev_v1.csv of the folder)')
  .option('--without <names>', 'datasets to leave out, with commas between them (default: those trained on)', split)
  .option('--model <name|folder>', 'model to examine', 'logiq-base')
  .option('--encoder <name|folder>', "encoder of the baselines (default: model/minilm of the folder, else the model's)")
  .option('--json <file>', 'also write everything to this file')
  .exitOverride()
  .action(examine);

const { signal } = new AbortController();
try {
  await command.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** rows + text -> systems -> outcomes -> figures -> stdout */
async function examine(folder, options) {
  const io = { stdin: process.stdin, cwd: process.cwd(), env: process.env, signal };
  if (options.json) await writing(options.json, access(dirname(resolve(options.json)), constants.W_OK));
  const model = await loadModel(options.model, io.cwd, io.env);
  const encoderDir = chooseEncoder(options.encoder, folder, model);
  const text = await readText(model.labels, folder);
  const file = options.rows ?? join(folder, 'data', 'dev_v1.csv');
  const { rows, without } = await readExam(file, options.without, text.rows, io);
  warnOfUnknown(rows.labelled, model.labels);

  const embedder = await openRememberingEmbedder(encoderDir, { device: 'cpu' }, io, tell);
  const shipped = await openShipped(options.model, io);
  try {
    const vectors = await embedOnce(wordsOf(rows, text), embedder.embed, signal);
    const baselines = await fitBaselines(text.examples, model.labels, vectors, tell);
    const judged = [];
    for (const system of [shipped.rules, ...baselines, ...shipped.systems]) {
      tell(system.name);
      const judge = (some) => labelRows(some, system.stages, signal);
      const [labelled, noLabel] = [await judge(rows.labelled), await judge(rows.noLabel)];
      judged.push({ system, labelled, noLabel, foreign: await judge(rows.foreign) });
    }
    tell('intervals');
    const encoder = basename(embedder.dir);
    const report = createReport({ file, without, rows, text, model, encoder, judged });
    if (options.json) await writing(options.json, writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`));
    process.stdout.write(renderReport(report));
  } finally {
    await Promise.all([embedder.close(), shipped.close()]);
  }
}

/** An encoder that was tuned on the text is part of the model, not of a baseline: the one it was made from goes before. */
function chooseEncoder(asked, folder, { embedderDir }) {
  const original = join(resolve(folder), 'model', 'minilm');
  const chosen = asked ?? (existsSync(original) ? original : embedderDir);
  if (chosen !== undefined) return chosen;
  throw new LogiqError('E_USAGE', 'The model has no encoder that the baselines could use.', 'Name one with --encoder.');
}

/** What a scorer reads of each template. */
function wordsOf(rows, { examples }) {
  const templates = Object.values(rows).flatMap((some) => some.map(({ message }) => toTemplate(message)));
  return [...examples.map(({ template }) => template), ...templates].map(toWords);
}

async function writing(path, attempt) {
  await attempt.catch((cause) => {
    throw new LogiqError('E_OUTPUT_WRITE', `${path} cannot be written: ${cause.message}`, undefined, { cause });
  });
}

function split(names) {
  return names.split(',');
}

/** One line a step, and one every so many texts: a fit or a first embedding takes a while. */
function tell(step, done, total) {
  if (done === undefined) console.error(step);
  else if (done % 2048 === 0) console.error(`${step} ${done} of ${total}`);
}

function warnOfUnknown(rows, labels) {
  const unknown = [...new Set(rows.map(({ label }) => label))].filter((label) => !labels.includes(label));
  if (unknown.length > 0) console.error(visibleBlock(`warning: the model does not know: ${unknown.join(', ')}`));
}

function exitCodeOf(error) {
  if (error instanceof LogiqError) {
    console.error(visibleBlock(`error: ${error.message}`));
    if (error.hint !== undefined) console.error(visibleBlock(`  hint: ${error.hint}`));
    return error.exitCode;
  }
  if (typeof error?.exitCode === 'number') return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // commander has told why
  console.error(error);
  return EXIT.software;
}
