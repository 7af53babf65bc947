// The labelled text that logiq-base and its encoder are trained on.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { toTemplate } from '../../dist/template/normalise.js';
import { toWords } from '../../dist/template/words.js';

/** Datasets of dev_v1.csv under MIT, BSD or Apache licences; no other may train weights that are shipped. */
const PERMISSIVE = new Set(['crowdsec', 'pganalyze', 'syzkaller', 'ci_pytorch_gha', 'ci_cidiff', 'http_access']);

/**
 * Reads training.csv of this folder and, from `folder`, the labelled text that does not belong to the project:
 * labelled_templates.tsv and labelled_lines.tsv in model/, the permissive rows of data/dev_v1.csv.
 *
 * @param {ReadonlySet<string>} labels Rows with other labels are left out.
 * @param {string | undefined} folder Absent: own text alone.
 * @returns {Promise<Array<{ message: string, label: string, weight: number, system: string }>>}
 */
export async function readTrainingRows(labels, folder) {
  const own = parseSync(await readFile(new URL('training.csv', import.meta.url)), { columns: true });
  const rows = own.map(({ message, label, system }) => ({ message, label, weight: 1, system }));
  if (folder !== undefined) {
    rows.push(...(await readTemplates(folder)), ...(await readLines(folder)), ...(await readPermissive(folder)));
  }
  return rows.filter(({ label }) => labels.has(label));
}

/** Variables of log statements come as `<*>`; a quoted value is the nearest thing in a log line. */
export function withoutWildcards(template) {
  return template.replaceAll('<*>', '<str>');
}

async function readTemplates(folder) {
  const records = await readTable(join(folder, 'model', 'labelled_templates.tsv'));
  return records.map(({ template, label, doubtful, repository }) => ({
    message: withoutWildcards(template),
    label,
    weight: weightOf(doubtful),
    system: repository,
  }));
}

async function readLines(folder) {
  const records = await readTable(join(folder, 'model', 'labelled_lines.tsv'));
  return records.map(({ line, label, doubtful, family, source }) => ({
    message: withoutWildcards(line),
    label,
    weight: weightOf(doubtful),
    system: source === family ? toWords(toTemplate(withoutWildcards(line))) : source, // a source named as its family is a mix of systems
  }));
}

async function readPermissive(folder) {
  const rows = [];
  const file = createReadStream(join(folder, 'data', 'dev_v1.csv'));
  for await (const { message, label, dataset } of file.pipe(parse({ columns: true, relax_quotes: true }))) {
    if (PERMISSIVE.has(dataset)) rows.push({ message, label, weight: 1, system: '' });
  }
  return rows;
}

async function readTable(path) {
  const [header, ...lines] = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  const names = header.split('\t');
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, at) => [names[at], cell])));
}

function weightOf(doubtful) {
  return doubtful === '1' || doubtful === '?' ? 0.5 : 1;
}
