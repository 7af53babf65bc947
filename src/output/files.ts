import * as fs from 'node:fs/promises';

/** What is needed of the file system. Tests hand in one that fails. */
export type Files = Pick<
  typeof fs,
  'access' | 'open' | 'readFile' | 'readlink' | 'realpath' | 'rename' | 'stat' | 'unlink'
>;

export const nodeFiles: Files = fs;
