import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { didYouMean } from '../did-you-mean.ts';
import { LogiqError } from '../errors.ts';
import type { Io } from '../types.ts';
import type { Compression } from './signature.ts';

/** Bytes read from a file at a time: strings of larger chunks leave the young generation at once, which costs a third. */
const CHUNK_BYTES = 64 * 1024;

/** Bytes of an input. */
export interface Source extends AsyncIterable<Uint8Array> {
  /** What its name says and its bytes cannot: brotli has no signature. */
  readonly compression?: Compression;
}

/**
 * The bytes of a file, or of standard input for `-`. Nothing is opened before the first chunk is asked for.
 *
 * @throws {LogiqError} E_INPUT_MISSING when there is no such file, E_INPUT_UNREADABLE for a folder or a file without
 *   permission, E_INPUT_READ when reading fails.
 */
export function openSource(path: string, io: Pick<Io, 'stdin' | 'cwd' | 'signal'>): Source {
  const bytes = path === '-' ? readStdin(io) : readFile(path, io);
  return path.endsWith('.br') ? Object.assign(bytes, { compression: 'brotli' as const }) : bytes;
}

async function* readFile(path: string, io: Pick<Io, 'cwd' | 'signal'>): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(resolve(io.cwd, path), { highWaterMark: CHUNK_BYTES, signal: io.signal });
  try {
    for await (const chunk of file) yield chunk;
  } catch (error) {
    throw await fileError(error, path, io.cwd);
  }
}

async function* readStdin(io: Pick<Io, 'stdin'>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* io.stdin;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EISDIR') throw isFolder('Standard input', error);
    throw new LogiqError('E_INPUT_READ', `Standard input cannot be read: ${error.message}.`, undefined, {
      cause: error,
    });
  }
}

/** What the system said about a file, for people; any other error as it is. */
export async function fileError(error: unknown, path: string, cwd: string): Promise<unknown> {
  if (!isSystemError(error)) return error;
  switch (error.code ?? '') {
    case 'ENOENT':
    case 'ENOTDIR':
      return new LogiqError('E_INPUT_MISSING', `There is no file "${path}".`, await similarFile(path, cwd), {
        cause: error,
      });
    case 'EISDIR':
      return isFolder(`"${path}"`, error);
    case 'EACCES':
    case 'EPERM':
      return new LogiqError(
        'E_INPUT_UNREADABLE',
        `"${path}" cannot be read: permission denied.`,
        'Give yourself read permission, or pipe the file in with sudo cat.',
        { cause: error },
      );
    default:
      return new LogiqError('E_INPUT_READ', `"${path}" cannot be read: ${error.message}.`, undefined, { cause: error });
  }
}

function isFolder(what: string, cause: Error): LogiqError {
  return new LogiqError('E_INPUT_UNREADABLE', `${what} is a folder.`, 'Name the files in it, for example DIR/*.log.', {
    cause,
  });
}

/** A suggestion from the folder that the file should be in. */
async function similarFile(path: string, cwd: string): Promise<string> {
  const folder = dirname(resolve(cwd, path));
  try {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.') || path.startsWith('.'));
    return didYouMean(basename(path), names.toSorted()) || 'The folder is empty.';
  } catch {
    return `There is no folder "${dirname(path)}" either.`;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
