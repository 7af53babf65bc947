import { fstat, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { LogiqError } from '../errors.ts';
import type { Io } from '../types.ts';
import { isBinaryFile } from './binary.ts';
import { fileError } from './source.ts';

/** One input of a run. */
export interface InputFile {
  /** As it is opened and shown; `-` for standard input. */
  readonly path: string;
  /** Where it lies below what was named on the command line: `app/today.log` of `logs`. */
  readonly name: string;
  /** Its size; undefined where it has none, as a pipe. */
  readonly bytes: number | undefined;
}

export interface Inputs {
  readonly files: readonly InputFile[];
  /** More than one file was asked for, be it by a folder or a pattern that holds one only. */
  readonly isMany: boolean;
  /** Files of folders and patterns that are left out: they are clearly no text. */
  readonly binary: readonly string[];
}

const PATTERN = /[*?[{]/;

/** Files that are looked into at once. */
const FILES_AT_ONCE = 8;

/**
 * The files that words of the command line stand for: a folder for all files in it and below, but hidden ones; a pattern
 * (`logs/**` and the like, where no file has that name) for those it matches; each sorted by name. A file comes once.
 * Files that were not named themselves and are clearly no text are left out.
 *
 * A file that does not exist is the reader's to report.
 *
 * @param encoding As for `openInput`.
 * @throws {LogiqError} E_INPUT_MISSING when a pattern matches nothing, E_INPUT_UNREADABLE for a folder that cannot be read
 *   and a folder or a pattern without text files, E_USAGE for an empty word.
 */
export async function expandInputs(
  words: readonly string[],
  io: Pick<Io, 'cwd' | 'stdin' | 'signal'>,
  encoding?: string,
): Promise<Inputs> {
  const { cwd, stdin } = io;
  const files = new Map<string, InputFile>();
  const binary = new Set<string>();
  let isMany = words.length > 1;
  for (const word of words) {
    if (word === '') throw noName();
    const found = word === '-' ? await descriptorStatus(stdin.fd) : await status(resolve(cwd, word));
    const isFolder = word !== '-' && found?.isDirectory() === true;
    const isPattern = found === undefined && word !== '-' && PATTERN.test(word);
    isMany ||= isFolder || isPattern;
    if (!isFolder && !isPattern) {
      files.set(word, files.get(word) ?? { path: word, name: basename(word), bytes: sizeOf(found) });
      binary.delete(word);
      continue;
    }
    const expanded = isFolder ? await filesBelow(word, cwd) : await matching(word, cwd);
    const isBinary = await inTurns(expanded, ({ path }) => isBinaryFile(path, io, encoding));
    if (isBinary.every(Boolean)) throw noText(word, expanded.length);
    expanded.forEach((file, index) => {
      if (files.has(file.path)) return;
      if (isBinary[index] === true) binary.add(file.path);
      else files.set(file.path, file);
    });
  }
  return { files: [...files.values()], isMany, binary: [...binary] };
}

/** Taken for a path it would be the current folder. */
function noName(): LogiqError {
  return new LogiqError(
    'E_USAGE',
    'The name of an input is empty.',
    'Is a variable unset? "-" is standard input, "." this folder.',
  );
}

/** Answers in order, a few asked for at a time. */
async function inTurns<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(FILES_AT_ONCE);
  return Promise.all(items.map((item) => limit(ask, item)));
}

function noText(word: string, files: number): LogiqError {
  return new LogiqError(
    'E_INPUT_UNREADABLE',
    `"${word}" has no text files: ${files === 1 ? 'the only one is' : `all ${files} are`} binary.`,
    'Name a file to have it read all the same.',
  );
}

async function filesBelow(folder: string, cwd: string): Promise<InputFile[]> {
  const files: InputFile[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(resolve(cwd, folder, below), { withFileTypes: true }).catch(
      async (error: unknown) => {
        throw await fileError(error, join(folder, below), cwd);
      },
    );
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = join(below, entry.name);
      if (entry.name.startsWith('.')) continue;
      const found = entry.isSymbolicLink() ? await status(resolve(cwd, folder, name)) : entry;
      // A link to a folder may lead in a circle.
      if (entry.isDirectory()) await walk(name);
      else if (found?.isFile() === true) files.push(await inputFile(join(folder, name), name, cwd));
    }
  };
  await walk('');
  if (files.length > 0) return files;
  throw new LogiqError('E_INPUT_UNREADABLE', `"${folder}" is a folder without files.`, 'Name the files to read.');
}

async function matching(pattern: string, cwd: string): Promise<InputFile[]> {
  const { glob } = await import('tinyglobby');
  const paths = await glob(pattern, { cwd, onlyFiles: true, expandDirectories: false, followSymbolicLinks: false });
  if (paths.length === 0) {
    throw new LogiqError(
      'E_INPUT_MISSING',
      `No file matches "${pattern}".`,
      'Check the pattern and the folder it is for.',
    );
  }
  return Promise.all(paths.toSorted().map((path) => inputFile(path, path, cwd)));
}

async function inputFile(path: string, name: string, cwd: string): Promise<InputFile> {
  return { path, name, bytes: sizeOf(await status(resolve(cwd, path))) };
}

function sizeOf(found: Stats | undefined): number | undefined {
  return found?.isFile() === true ? found.size : undefined;
}

async function descriptorStatus(descriptor: unknown): Promise<Stats | undefined> {
  return typeof descriptor === 'number' ? promisify(fstat)(descriptor).catch(() => undefined) : undefined;
}

async function status(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}
