// Lines of real logs for the other scripts of this folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toTemplate } from '../../dist/template/normalise.js';

/** Files of other endings are tables, archives, settings and the like. */
const LOG_FILE = /\.(log|txt|out|err|logfmt)$/;

/**
 * Lines of the logs under a folder, no two of one template.
 *
 * @param {number} count Taken evenly from all there are, in the order of the file names.
 * @returns {string[]} Fewer than `count` where there are fewer.
 * @throws {Error} Where there are none.
 */
export function readDistinctLines(folder, count) {
  if (folder === undefined || !existsSync(folder)) throw new Error('Name a folder with logs.');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && LOG_FILE.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted((a, b) => (a < b ? -1 : 1));
  const lineOf = new Map();
  for (const file of files) {
    for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
      const template = toTemplate(line);
      if (line.trim() !== '' && !lineOf.has(template)) lineOf.set(template, line);
    }
  }
  const lines = [...lineOf.values()];
  if (lines.length === 0) throw new Error(`No file under ${folder} is a log with lines: ${LOG_FILE}`);
  const step = Math.max(1, lines.length / count);
  return lines.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}
