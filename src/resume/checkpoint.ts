import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { LogiqError } from '../errors.ts';
import type { Files } from '../output/files.ts';
import { errorCode } from '../output/write-error.ts';
import type { ReadPoint } from '../types.ts';
import { differences, type Facts } from './facts.ts';
import { isRunningElsewhere } from './process-identity.ts';

/** How far a run is, as it is kept beside its output. */
export interface Checkpoint {
  readonly version: 1;
  /** What the input was known by. */
  readonly input: Facts;
  /** Every setting that the rows depend on. */
  readonly configuration: Facts;
  /** Where reading goes on: at a row that is written or the first that is not. Null: from the beginning. */
  readonly from: ReadPoint | null;
  /** Rows that are written. */
  readonly rows: number;
  /** Bytes of the output that hold these rows and nothing else. */
  readonly outputBytes: number;
  /** The process that writes, see `processIdentity`; null once it has stopped by itself, or is not known. */
  readonly writer?: string | null;
}

/**
 * @returns Undefined when there is none.
 * @throws {LogiqError} E_RESUME when it cannot be read or is damaged.
 */
export async function readCheckpoint(path: string, files: Files): Promise<Checkpoint | undefined> {
  let text: string;
  try {
    text = await files.readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw refused(path, `cannot be read (${errorCode(error)})`, error);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isCheckpoint(value)) return value;
  } catch (error) {
    throw refused(path, 'is damaged', error);
  }
  throw refused(path, 'is damaged or of another version');
}

/** Replaces the checkpoint as a whole: after a crash there is the old one or the new one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint, files: Files): Promise<void> {
  const temporary = join(dirname(path), `.logiq-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await files.open(temporary, 'wx', 0o666);
    try {
      await handle.writeFile(`${JSON.stringify(checkpoint)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    await files.unlink(temporary).catch(() => {});
    throw error;
  }
}

/** @throws {LogiqError} E_RESUME when another process is at it. */
export function refuseRunning(path: string, { writer }: Checkpoint): void {
  if (typeof writer !== 'string' || !isRunningElsewhere(writer)) return;
  throw new LogiqError(
    'E_RESUME',
    `Cannot resume: process ${Number.parseInt(writer, 10)} is still writing the rows that ${path} is for.`,
    'Wait for it to end, or stop it.',
  );
}

/** @throws {LogiqError} E_RESUME that says what changed. */
export function refuseChanges(path: string, then: Checkpoint, input: Facts, configuration: Facts): void {
  const changed = differences(then.input, input);
  if (changed.length > 0) throw refused(path, `is of another input: ${changed.join(', ')}`);
  const set = differences(then.configuration, configuration);
  if (set.length > 0) throw refused(path, `is of a run with other settings: ${set.join(', ')}`);
}

function refused(path: string, why: string, cause?: unknown): LogiqError {
  return new LogiqError(
    'E_RESUME',
    `Cannot resume: the checkpoint ${path} ${why}.`,
    'Undo the change, or remove the checkpoint to begin anew.',
    { cause },
  );
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false;
  const { version, rows, outputBytes, input, configuration, from } = value as Partial<Checkpoint>;
  const isPoint = from === null || (typeof from === 'object' && Number.isSafeInteger(from.offset));
  return (
    version === 1 &&
    isPoint &&
    Number.isSafeInteger(rows) &&
    Number.isSafeInteger(outputBytes) &&
    typeof input === 'object' &&
    typeof configuration === 'object'
  );
}
