import { constants, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { LogiqError } from '../errors.ts';
import { nodeFiles, type Files } from '../output/files.ts';
import { writeWhole } from '../output/handle-sink.ts';
import { errorCode, writeError } from '../output/write-error.ts';
import type { Writer } from '../output/writer.ts';
import type { LabelledBatch, ReadPoint } from '../types.ts';
import { readCheckpoint, refuseChanges, refuseRunning, writeCheckpoint } from './checkpoint.ts';
import type { Facts } from './facts.ts';
import { processIdentity } from './process-identity.ts';

/** Milliseconds between checkpoints: what a crash costs at most, besides the rows in flight. */
const CHECKPOINT_MS = 1000;

/** A run whose output and checkpoint outlive it. */
export interface Resumable {
  /** Where to read from; undefined: from the beginning. */
  readonly from: ReadPoint | undefined;
  /** Rows that an earlier run has written: they are not to be given to `write`. */
  readonly rows: number;
  /** Whether the output has its header. */
  readonly hasHead: boolean;
  /**
   * Appends the batches, keeps checkpoints, and puts the output in its place when all is written. When `signal` aborts, and
   * when something fails, a last checkpoint is written and the output so far stays beside it.
   *
   * @throws {LogiqError} E_OUTPUT_WRITE, E_RESUME when another run writes to the same files, and whatever `batches` throws.
   */
  write(writer: Writer, batches: AsyncIterable<LabelledBatch>, signal: AbortSignal): Promise<void>;
}

export interface ResumableOptions {
  /** Absolute path of the output. */
  readonly output: string;
  readonly input: Facts;
  readonly configuration: Facts;
  readonly files?: Files;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/** The files of an unfinished run: its rows, and how far they go. */
export function partNames(output: string): { readonly part: string; readonly checkpoint: string } {
  return { part: `${output}.part`, checkpoint: `${output}.checkpoint` };
}

/**
 * Opens what an earlier run left, or begins.
 *
 * @throws {LogiqError} E_RESUME when the input or the configuration is not the earlier one's, when its rows are gone, or
 *   when it still runs.
 */
export async function openResumable(options: ResumableOptions): Promise<Resumable> {
  const { input, configuration, files = nodeFiles, now = () => performance.now() } = options;
  const final = await fileItself(options.output, files);
  const names = partNames(final);
  const found = await readCheckpoint(names.checkpoint, files);
  if (found) {
    refuseRunning(names.checkpoint, found);
    refuseChanges(names.checkpoint, found, input, configuration);
    await refuseLostRows(names, found.outputBytes, files);
  }
  const state = { from: found?.from ?? null, rows: found?.rows ?? 0, outputBytes: found?.outputBytes ?? 0 };

  return {
    from: state.from ?? undefined,
    rows: state.rows,
    hasHead: state.outputBytes > 0,
    async write(writer, batches, signal) {
      const handle = await opened(names.part, state.outputBytes, files);
      let savedAt = now();
      let isShared = false;
      const save = async (by: string | null): Promise<void> => {
        await handle.datasync();
        await writeCheckpoint(names.checkpoint, { version: 1, input, configuration, ...state, writer: by }, files);
        savedAt = now();
      };
      const refuseShared = async (): Promise<void> => {
        isShared = (await handle.stat().catch(told(final))).size !== state.outputBytes;
        if (isShared) throw sharedBy(names.part);
      };
      const self = processIdentity('self');
      try {
        await save(self).catch(told(final)); // so that another run is told of this one
        let latest: LabelledBatch | undefined;
        const chunks = writer(tapped(batches, (batch) => (latest = batch)));
        for await (const chunk of chunks) {
          if (signal.aborted) break;
          await writeWhole(handle, chunk).catch(told(final));
          state.outputBytes += chunk.length;
          if (latest) {
            state.from = latest.start ?? state.from;
            state.rows = latest.firstRow + latest.raws.length - 1;
          }
          if (now() - savedAt < CHECKPOINT_MS) continue;
          await refuseShared();
          await save(self).catch(told(final));
        }
        await refuseShared();
        if (signal.aborted) return;
        await finish(handle, names, final, files).catch(told(final));
      } finally {
        // Nothing to save once the output is in its place; a disk that is full leaves the last checkpoint good.
        if (!isShared && (await exists(names.part, files))) await save(null).catch(() => {});
        await handle.close().catch(() => {});
      }
    },
  };
}

async function finish(
  handle: FileHandle,
  { part, checkpoint }: ReturnType<typeof partNames>,
  final: string,
  files: Files,
): Promise<void> {
  const old = await statusOf(final, files);
  if (old) {
    await files.access(final, constants.W_OK);
    await handle.chmod(old.mode & 0o777);
  }
  await handle.sync();
  // In this order: rows without a checkpoint are written anew, a checkpoint without rows could only be refused.
  await files.unlink(checkpoint).catch(() => {});
  await files.rename(part, final);
}

/** The rows so far, cut where the checkpoint ends. */
async function opened(part: string, bytes: number, files: Files): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;
  try {
    const handle = await files.open(part, flags, 0o666);
    await handle.truncate(bytes);
    return handle;
  } catch (error) {
    throw writeError(part, error);
  }
}

/** On machines that share a disk, and where a process cannot be known, only the file itself tells. */
function sharedBy(part: string): LogiqError {
  return new LogiqError(
    'E_RESUME',
    `Another run writes to ${part} too.`,
    'Let one of them end, then run again: it goes on from the last checkpoint.',
  );
}

async function refuseLostRows(
  { part, checkpoint }: ReturnType<typeof partNames>,
  bytes: number,
  files: Files,
): Promise<void> {
  const size = (await statusOf(part, files))?.size ?? 0;
  if (size >= bytes) return;
  throw new LogiqError(
    'E_RESUME',
    `Cannot resume: ${part} has ${size} bytes, but the checkpoint says ${bytes}.`,
    `Remove ${checkpoint} to begin anew.`,
  );
}

async function* tapped<T>(items: AsyncIterable<T>, see: (item: T) => void): AsyncGenerator<T, void, undefined> {
  for await (const item of items) {
    see(item);
    yield item;
  }
}

async function fileItself(path: string, files: Files): Promise<string> {
  return files.realpath(path).catch(() => path);
}

async function statusOf(path: string, files: Files): Promise<Stats | undefined> {
  try {
    return await files.stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw writeError(path, error);
  }
}

async function exists(path: string, files: Files): Promise<boolean> {
  return (await files.stat(path).catch(() => undefined)) !== undefined;
}

function told(path: string): (error: unknown) => never {
  return (error) => {
    throw writeError(path, error);
  };
}
