import { Buffer } from 'node:buffer';
import { watch, type FSWatcher, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Io } from '../types.ts';
import { fileError } from './source.ts';

/** How often a file is looked at that nobody says anything about. */
const POLL_MS = 250;

/** Bytes read at a time. */
const CHUNK_BYTES = 64 * 1024;

/** Bytes at the beginning of a file by which it is known again: a log that was emptied may have grown past where we were. */
const KNOWN_BYTES = 256;

const LF = 0x0a;

/**
 * A file from its beginning, and what is written to it from then on, until `io.signal` aborts.
 *
 * Another file under its name (rotation, re-creation) is read from its beginning once the old one is read to its end;
 * so is a file that was emptied. A line that the old file did not end is ended. While there is no file of that name it
 * waits for one.
 *
 * @throws {LogiqError} E_INPUT_UNREADABLE or E_INPUT_READ.
 */
export async function* followFile(
  path: string,
  { cwd, signal }: Pick<Io, 'cwd' | 'signal'>,
): AsyncGenerator<Buffer, void, undefined> {
  const absolute = resolve(cwd, path);
  const changes = watchFor(absolute);
  let file: Followed | undefined;
  try {
    while (!signal.aborted) {
      const found = await file?.compare(await status(absolute));
      if (file && (found === 'replaced' || found === 'rewritten')) {
        if (found === 'replaced') {
          yield* file.readOn(signal);
          await changes.next(signal); // whoever writes may hold on to the old file for a moment
          yield* file.readOn(signal);
        }
        if (file.endsOpen) yield Buffer.from([LF]);
        await file.close();
        file = undefined;
      }
      file ??= await Followed.open(absolute);
      if (file) yield* file.readOn(signal);
      await changes.next(signal);
    }
  } catch (error) {
    throw await fileError(error, path, cwd);
  } finally {
    changes.close();
    await file?.close();
  }
}

/** One file under the name, while it has it. */
class Followed {
  readonly #handle: FileHandle;
  readonly #ino: number;
  readonly #dev: number;
  #offset = 0;
  #known: Buffer = Buffer.alloc(0);
  #last = LF;

  static async open(path: string): Promise<Followed | undefined> {
    try {
      const handle = await open(path, 'r');
      return new Followed(handle, await handle.stat());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  private constructor(handle: FileHandle, { ino, dev }: Stats) {
    this.#handle = handle;
    this.#ino = ino;
    this.#dev = dev;
  }

  /** The last byte read ends no line. */
  get endsOpen(): boolean {
    return this.#last !== LF;
  }

  async *readOn(signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    while (!signal.aborted) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await this.#handle.read(chunk, 0, CHUNK_BYTES, this.#offset);
      if (bytesRead === 0) return;
      const bytes = chunk.subarray(0, bytesRead);
      if (this.#known.length < KNOWN_BYTES) {
        this.#known = Buffer.concat([this.#known, bytes.subarray(0, KNOWN_BYTES - this.#known.length)]);
      }
      this.#offset += bytesRead;
      this.#last = bytes[bytesRead - 1] ?? LF;
      yield bytes;
    }
  }

  /** What has become of it; `missing`: no file has its name, and it may still be written to. */
  async compare(now: Stats | undefined): Promise<'same' | 'missing' | 'replaced' | 'rewritten'> {
    if (now === undefined) return 'missing';
    if (now.ino !== this.#ino || now.dev !== this.#dev) return 'replaced';
    if (now.size < this.#offset) return 'rewritten';
    if (now.size === this.#offset) return 'same';
    const head = Buffer.alloc(this.#known.length);
    await this.#handle.read(head, 0, head.length, 0);
    return head.equals(this.#known) ? 'same' : 'rewritten';
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

interface Changes {
  /** Resolves when something may have changed, after `POLL_MS` at the latest, and when `signal` aborts. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Its folder is watched, so that a new file of the name is seen. Where watching is not to be had, polling is enough. */
function watchFor(path: string): Changes {
  const name = basename(path);
  let wake: (() => void) | undefined;
  let seen = false;
  const onChange = (): void => {
    seen = true;
    wake?.();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(path), (_event, changed) => {
      if (changed === null || changed === name) onChange();
    });
    watcher.on('error', () => {});
  } catch {
    watcher = undefined;
  }
  return {
    async next(signal) {
      if (!seen && !signal.aborted) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, POLL_MS);
          wake = () => {
            clearTimeout(timer);
            done();
          };
          signal.addEventListener('abort', wake, { once: true });
        });
        if (wake) signal.removeEventListener('abort', wake);
        wake = undefined;
      }
      seen = false;
    },
    close: () => watcher?.close(),
  };
}

async function status(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}
