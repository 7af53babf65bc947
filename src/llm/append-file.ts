import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';

/** Milliseconds after which a lock is taken for one that a killed process left behind. */
const STALE_LOCK_MS = 30_000;

/**
 * A text file of lines that several processes append to at once and any of them may rewrite, without a line lost:
 *
 * - An append is one write in append mode. If the file was replaced meanwhile, the lines go into the new one too.
 * - A rewrite holds a lock, and after its rename carries over what was appended to the old file until then.
 *
 * Lines may therefore come twice. Its errors are those of `node:fs`.
 */
export interface AppendFile {
  append(lines: string): void;
  /** The lines that were added since the last call: all of them (`whole`) the first time and after a rewrite. */
  readNew(): { readonly lines: string; readonly whole: boolean };
  /** Replaces the content by `change` of it; does nothing when another process is at it, or when there is no file. */
  rewrite(change: (content: string) => string): void;
  bytes(): number;
}

export function openAppendFile(path: string): AppendFile {
  let inode = -1;
  let offset = 0;

  function append(lines: string): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const descriptor = openSync(path, 'a', 0o600);
    try {
      writeSync(descriptor, lines);
      if (statIfThere(path)?.ino !== fstatSync(descriptor).ino) appendOnce(path, lines);
    } finally {
      closeSync(descriptor);
    }
  }

  return {
    append,
    readNew() {
      const stats = statIfThere(path);
      const whole = stats?.ino !== inode || stats.size < offset;
      if (whole) offset = 0;
      if (stats === undefined) inode = -1;
      if (stats === undefined || stats.size === offset) return { lines: '', whole };
      return withFile(path, 'r', (descriptor) => {
        inode = fstatSync(descriptor).ino;
        const text = readFrom(descriptor, offset);
        const end = text.lastIndexOf(0x0a) + 1; // another process may be in the middle of a line
        offset += end;
        return { lines: text.toString('utf8', 0, end), whole };
      });
    },
    rewrite(change) {
      if (statIfThere(path) === undefined) return;
      withLock(`${path}.lock`, () => {
        withFile(path, 'r', (old) => {
          const content = readFrom(old, 0);
          const temporary = `${path}.${process.pid}.tmp`;
          withFile(temporary, 'w', (descriptor) => writeSync(descriptor, change(content.toString('utf8'))));
          renameSync(temporary, path);
          const late = readFrom(old, content.length);
          if (late.length > 0) appendOnce(path, late.toString('utf8'));
        });
      });
    },
    bytes: () => statIfThere(path)?.size ?? 0,
  };
}

function appendOnce(path: string, lines: string): void {
  withFile(path, 'a', (descriptor) => writeSync(descriptor, lines));
}

function withFile<T>(path: string, flags: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, flags, 0o600);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readFrom(descriptor: number, offset: number): Buffer {
  const size = fstatSync(descriptor).size - offset;
  const buffer = Buffer.alloc(Math.max(0, size));
  let read = 0;
  while (read < buffer.length) {
    const bytes = readSync(descriptor, buffer, read, buffer.length - read, offset + read);
    if (bytes === 0) break;
    read += bytes;
  }
  return buffer.subarray(0, read);
}

function withLock(path: string, use: () => void): void {
  const stale = statIfThere(path);
  if (stale !== undefined && Date.now() - stale.mtimeMs > STALE_LOCK_MS) rmSync(path, { force: true });
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    throw error;
  }
  try {
    use();
  } finally {
    closeSync(descriptor);
    rmSync(path, { force: true });
  }
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
