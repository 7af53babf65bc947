// The labelled text that logiq-base and its encoder are trained on.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { toTemplate } from '../../dist/template/normalise.js';
import { toWords } from '../../dist/template/words.js';
import { logStatements, rawLines } from './corpus.js';

/** Datasets of dev_v1.csv under MIT, BSD or Apache licences; no other may train weights that are shipped. */
const PERMISSIVE = new Set(['crowdsec', 'pganalyze', 'syzkaller', 'ci_pytorch_gha', 'ci_cidiff', 'http_access']);

/**
 * Reads training.csv.gz of this folder and, from `folder`, the labelled text that does not belong to the project:
 * labelled_templates.tsv and labelled_lines.tsv in model/, the lines of corpus/ that corpus-labels.csv has labels for, the
 * permissive rows of data/dev_v1.csv.
 *
 * @param {ReadonlySet<string>} labels Rows with other labels are left out.
 * @param {string | undefined} folder Absent: own text alone.
 * @returns {Promise<Array<{ message: string, label: string, weight: number, system: string }>>}
 */
export async function readTrainingRows(labels, folder) {
  const own = parseSync(await readOwnText(), { columns: true });
  const rows = own.map(({ message, label, system }) => ({ message, label, weight: 1, system }));
  if (folder !== undefined) {
    const read = parseSync(await readFile(new URL('corpus-labels.csv', import.meta.url)), { columns: true });
    rows.push(...(await readTemplates(folder)), ...(await readLines(folder)), ...(await readCorpus(folder, read)));
    rows.push(...(await readPermissive(folder)));
  }
  return rows.filter(({ label }) => labels.has(label));
}

/** training.csv, unpacked. */
export async function readOwnText() {
  return gunzipSync(await readFile(new URL('training.csv.gz', import.meta.url)));
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
    system: source === family ? ownSystem(withoutWildcards(line)) : source, // a source named as its family is a mix of systems
  }));
}

/**
 * Lines of corpus/ with labels that were given by reading.
 *
 * @param {Array<{ sha256: string, label: string, doubtful: string }>} labelled A line is known by the first 16 digits of its
 *   hash: its text is not part of the project.
 */
export async function readCorpus(folder, labelled) {
  const byHash = new Map(labelled.map(({ sha256, label, doubtful }) => [sha256, { label, weight: weightOf(doubtful) }]));
  const rows = [];
  const take = (text, system) => {
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const found = byHash.get(hash);
    if (found === undefined) return;
    byHash.delete(hash);
    const message = withoutWildcards(text);
    rows.push({ message, ...found, system: system ?? ownSystem(message) });
  };
  for await (const line of rawLines(folder)) take(line);
  for await (const { template, repository } of logStatements(folder)) take(template, repository);
  return rows;
}

/** For a line of a mix of systems: whatever is of its template is of its system. */
function ownSystem(message) {
  return toWords(toTemplate(message));
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
