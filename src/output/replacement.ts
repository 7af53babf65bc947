import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Files } from './files.ts';
import { writeWhole } from './handle-sink.ts';
import type { Sink } from './sink.ts';

/**
 * A sink that writes a temporary file beside the file and renames it in the end, so that the file is always whole: the
 * old one or the new one. Links are followed to the file itself. It keeps the old one's mode and, where that is
 * allowed, its owner.
 */
export async function openReplacement(path: string, old: Stats | undefined, files: Files): Promise<Sink> {
  const final = old ? await files.realpath(path) : await behindLinks(path, files);
  if (old) await files.access(final, constants.W_OK); // a rename would replace a read-only file without asking
  const temporary = join(dirname(final), `.logiq-${randomBytes(6).toString('hex')}.tmp`);
  const handle = await files.open(temporary, 'wx', 0o666);
  const discard = async (): Promise<void> => {
    await handle.close().catch(() => {});
    await files.unlink(temporary).catch(() => {});
  };
  try {
    if (old) await takeAfter(old, handle);
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    name: path,
    isTerminal: false,
    write: (chunk) => writeWhole(handle, chunk),
    async commit() {
      await handle.sync();
      await handle.close();
      await files.rename(temporary, final);
      await syncFolder(dirname(final), files).catch(() => {}); // the file is whole either way
    },
    discard,
  };
}

/** Where a link that leads to no file yet would have it. Links in a circle do not get here: `stat` fails on them. */
async function behindLinks(path: string, files: Files): Promise<string> {
  const link = await files.readlink(path).catch(() => undefined);
  if (link === undefined) return path;
  return behindLinks(resolve(await files.realpath(dirname(path)), link), files);
}

async function takeAfter(old: Stats, handle: FileHandle): Promise<void> {
  const { uid, gid } = await handle.stat();
  if (uid !== old.uid || gid !== old.gid) await handle.chown(old.uid, old.gid).catch(() => {});
  await handle.chmod(old.mode & 0o777);
}

async function syncFolder(folder: string, files: Files): Promise<void> {
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
