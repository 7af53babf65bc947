import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256ByFile } from '../embedders/files.ts';
import { sha256 } from '../embedders/sha256.ts';

const PENDING = /^\.(.+)\.([0-9a-f]{16})\.new$/;

/**
 * A new file of a model waits under this name until `metadata.json`, which is replaced in one step, demands it: so whenever
 * the process ends, the folder holds the old model or the new one.
 */
export function pendingName(file: string, hash: string): string {
  return `.${file}.${hash.slice(0, 16)}.new`;
}

export function isPending(name: string): boolean {
  return PENDING.test(name);
}

/** Writes a file and waits until it is on the disk. */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until the names in a folder are on the disk; not every system has that. */
export async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir).catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/**
 * Ends what a save that was cut off has left: files that the metadata demands take their place, others go.
 *
 * @param demanded `files` of the folder's metadata; empty where there is none.
 */
export async function settlePending(dir: string, demanded: Sha256ByFile): Promise<void> {
  for (const name of await readdir(dir)) {
    const [, file = '', start = ''] = PENDING.exec(name) ?? [];
    if (file === '') continue;
    const path = join(dir, name);
    const hash = demanded[file];
    const isDemanded = hash?.startsWith(start) === true && (await sha256(await readFile(path))) === hash;
    await (isDemanded ? rename(path, join(dir, file)) : rm(path));
  }
}
