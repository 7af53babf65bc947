import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { answerFilePath } from '../llm/answer-file.ts';
import type { Io } from '../types.ts';
import type { Check } from './check.ts';

/** The folder that outlives runs: answers of the LLM lie there, nothing else. It is looked at, never made. */
export async function examineCache(env: Io['env']): Promise<Omit<Check, 'name'>> {
  const path = answerFilePath(env);
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => null,
  );
  const writable = await isWritable(path);
  const facts = { path, bytes, writable };
  const found = bytes === null ? `${path} (not there yet)` : `${path} (${bytes} bytes)`;
  if (writable) return { status: 'ok', found, facts };
  return {
    status: 'note',
    found: `${found} cannot be written: answers of the LLM are remembered within a run only`,
    hint: 'Point XDG_CACHE_HOME at a folder that you may write to.',
    facts,
  };
}

/** Whether the file, or the folder that it would be made in, may be written. */
async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch (error) {
    const parent = dirname(path);
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && parent !== path ? isWritable(parent) : false;
  }
}
