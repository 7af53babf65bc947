import type { BigIntStats } from 'node:fs';
import { fstat, stat } from 'node:fs';
import { promisify } from 'node:util';
import { LogiqError } from '../errors.ts';
import type { Target } from './target.ts';

const statFile = promisify(stat);
const statDescriptor = promisify(fstat);

/**
 * Refuses a target that is one of the inputs, by whatever name, link or redirection.
 *
 * @param inputs Paths, and numbers for descriptors (0 for standard input). One that does not exist is the reader's to report.
 * @param what What is written to the target, and its verb.
 * @throws {LogiqError} E_OUTPUT_SAME_FILE.
 */
export async function refuseSameFile(
  inputs: ReadonlyArray<string | number>,
  target: Target,
  what = 'The output is',
): Promise<void> {
  const output = await regularFile(target.kind === 'file' ? target.path : target.stream.fd);
  if (output === undefined) return;
  for (const input of inputs) {
    const file = await regularFile(input);
    if (file === undefined || file.dev !== output.dev || file.ino !== output.ino) continue;
    const name = typeof input === 'number' ? 'standard input' : input;
    throw new LogiqError(
      'E_OUTPUT_SAME_FILE',
      `${what} the same file as the input ${name}.`,
      'Write to another file and rename it afterwards.',
    );
  }
}

/** Devices, pipes and sockets may well be read and written at once. */
async function regularFile(file: unknown): Promise<BigIntStats | undefined> {
  const found = await status(file).catch(() => undefined);
  return found?.isFile() === true ? found : undefined;
}

async function status(file: unknown): Promise<BigIntStats | undefined> {
  if (typeof file === 'string') return statFile(file, { bigint: true });
  return typeof file === 'number' ? statDescriptor(file, { bigint: true }) : undefined;
}
