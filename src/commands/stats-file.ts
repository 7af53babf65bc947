import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LogiqError } from '../errors.ts';
import { refuseSameFile } from '../output/same-file.ts';
import type { Target } from '../output/target.ts';
import { writeError } from '../output/write-error.ts';
import type { RunReport } from '../report/run-report.ts';

/**
 * Refuses, before a run that may be long, a file for its statistics that would take the place of an input or of the
 * rows, or that could not be written.
 *
 * @param path Absolute.
 * @param inputs As for `refuseSameFile`.
 * @throws {LogiqError} E_OUTPUT_SAME_FILE, E_OUTPUT_WRITE.
 */
export async function refuseStatsFile(
  path: string,
  inputs: ReadonlyArray<string | number>,
  target: Target,
): Promise<void> {
  await refuseSameFile(inputs, { kind: 'file', path }, 'The statistics are');
  if (target.kind === 'file' && target.path === path) {
    throw new LogiqError('E_OUTPUT_SAME_FILE', `--stats and -o both name ${path}.`, 'Give each a file of its own.');
  }
  const found = await stat(path).catch(() => undefined);
  try {
    if (found?.isDirectory() === true) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
    await access(found ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** @throws {LogiqError} E_OUTPUT_WRITE. */
export async function writeStats(path: string, report: RunReport): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    throw writeError(path, error);
  }
}
