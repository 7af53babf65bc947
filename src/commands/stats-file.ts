import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LogiqError } from '../errors.ts';
import { refuseSameFile } from '../output/same-file.ts';
import { writeAll } from '../output/sink.ts';
import type { Target } from '../output/target.ts';
import { writeError } from '../output/write-error.ts';
import type { RunReport } from '../report/run-report.ts';

/**
 * Refuses, before a run that may be long, a place for its statistics that would take that of an input or of the rows, or
 * that could not be written.
 *
 * @param inputs As for `refuseSameFile`.
 * @param output Where the rows, or of a dry run the prompts, go; undefined where they go to no single place.
 * @throws {LogiqError} E_OUTPUT_SAME_FILE, E_OUTPUT_WRITE.
 */
export async function refuseStatsTarget(
  target: Target,
  inputs: ReadonlyArray<string | number>,
  output: Target | undefined,
): Promise<void> {
  await refuseSameFile(inputs, target, 'The statistics are');
  if (output !== undefined && isSame(target, output)) {
    const name = target.kind === 'file' ? target.path : target.name;
    throw new LogiqError(
      'E_OUTPUT_SAME_FILE',
      `The statistics and the rest of the output would both go to ${name}.`,
      'Name a file for one.',
    );
  }
  if (target.kind === 'file') await refuseUnwritable(target.path);
}

function isSame(target: Target, output: Target): boolean {
  if (target.kind === 'file') return output.kind === 'file' && output.path === target.path;
  return output.kind === 'stream' && output.stream === target.stream;
}

async function refuseUnwritable(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  try {
    if (found?.isDirectory() === true) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
    await access(found ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * Writes them also after an interrupt: they tell how far the run came.
 *
 * @throws {LogiqError} E_OUTPUT_WRITE.
 */
export async function writeStats(target: Target, report: RunReport): Promise<void> {
  await writeAll(asBytes(report), target, new AbortController().signal);
}

async function* asBytes(report: RunReport): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
}
