import { readFile } from 'node:fs/promises';
import { didYouMean } from '../../dist/did-you-mean.js';
import { LogiqError } from '../../dist/errors.js';
import { readTables } from '../../dist/training/read-labelled.js';
import { UNCLASSIFIED } from '../../dist/types.js';

const COLUMNS = ['id', 'dataset', 'label', 'message'];
const FOREIGN = new URL('../../fixtures/foreign.txt', import.meta.url);
/** Share of a dataset's messages in the training text from which on it counts as trained on. */
const TRAINED_ON = 0.5;

/**
 * Rows to be examined on: those with a label, those that belong to none, and text that is no log at all.
 *
 * @param without Datasets to leave out; absent: those whose messages the training text holds.
 * @param textRows The training text.
 * @returns The rows, and `without`: the datasets that were left out.
 * @throws {LogiqError} E_INPUT_COLUMN for a missing column, E_USAGE for an unknown dataset or where no labelled row is left.
 */
export async function readExam(file, without, textRows, io) {
  const rows = [];
  let skipped = 0;
  for await (const row of readTables([file], 'message', COLUMNS, io)) {
    const [dataset, label] = [row.cell('dataset'), row.cell('label').trim()];
    if (label === '') skipped++;
    else rows.push({ message: row.message, label, dataset });
  }
  if (skipped > 0) console.error(`${skipped} rows without a label are left out`);
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  if (without) checkDatasets(without, datasets, file);
  const leftOut = without ?? trainedOn(rows, datasets, textRows);
  const left = rows.filter(({ dataset }) => !leftOut.includes(dataset));
  const labelled = left.filter(({ label }) => label !== UNCLASSIFIED);
  if (labelled.length === 0) throw new LogiqError('E_USAGE', `${file}: no row with a label is left.`);
  const noLabel = left.filter(({ label }) => label === UNCLASSIFIED);
  return { without: leftOut, rows: { labelled, noLabel, foreign: await readForeign() } };
}

function checkDatasets(without, datasets, file) {
  const unknown = without.find((name) => !datasets.includes(name));
  if (unknown === undefined) return;
  throw new LogiqError('E_USAGE', `${file} has no dataset "${unknown}".`, didYouMean(unknown, datasets));
}

function trainedOn(rows, datasets, textRows) {
  const known = new Set(textRows.map(({ message }) => message));
  return datasets.filter((dataset) => {
    const own = rows.filter((row) => row.dataset === dataset);
    return own.filter(({ message }) => known.has(message)).length > TRAINED_ON * own.length;
  });
}

async function readForeign() {
  const lines = (await readFile(FOREIGN, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((message) => ({ message, label: UNCLASSIFIED }));
}
