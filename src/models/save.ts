import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../embedders/sha256.ts';
import { writeError } from '../output/write-error.ts';
import { METADATA_FILE } from './locate.ts';
import { openMetadata, sealMetadata, type ModelMetadata } from './metadata.ts';
import { pendingName, settlePending, syncFolder, writeDurably } from './pending-files.ts';

/**
 * Writes a model folder: whenever it is cut off, the folder holds the model that was there before, or the new one. Files that
 * the model does not have, such as its rules, are left alone.
 *
 * @param files Content by file name.
 * @throws {LogiqError} E_OUTPUT_WRITE when the folder cannot be written to.
 */
export async function saveModel(
  dir: string,
  metadata: Omit<ModelMetadata, 'files'>,
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
): Promise<void> {
  const hashes: Record<string, string> = {};
  for (const [file, bytes] of Object.entries(files)) hashes[file] = await sha256(bytes);
  const sealed = await sealMetadata({ ...metadata, files: hashes });
  try {
    await mkdir(dir, { recursive: true });
    await settlePending(dir, await demandedIn(dir));
    for (const [file, bytes] of Object.entries(files)) {
      await writeDurably(join(dir, pendingName(file, hashes[file]!)), bytes);
    }
    await replaceDurably(dir, METADATA_FILE, sealed);
    await settlePending(dir, hashes);
  } catch (cause) {
    throw writeError(dir, cause);
  }
}

/** Replaces one file of a folder in one step. */
export async function replaceDurably(dir: string, file: string, content: string): Promise<void> {
  const pending = join(dir, pendingName(file, await sha256(Buffer.from(content))));
  await writeDurably(pending, content);
  await rename(pending, join(dir, file));
  await syncFolder(dir);
}

/** What the model that is there consists of; nothing where there is none, or one that cannot be read. */
async function demandedIn(dir: string): Promise<ModelMetadata['files']> {
  const path = join(dir, METADATA_FILE);
  try {
    return (await openMetadata(await readFile(path, 'utf8'), path)).files;
  } catch {
    return {};
  }
}
