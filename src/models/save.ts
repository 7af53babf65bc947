import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../embedders/sha256.ts';
import { METADATA_FILE } from './locate.ts';
import { sealMetadata, type ModelMetadata } from './metadata.ts';

/**
 * Writes a model folder. The metadata comes last: a folder without it is no model.
 *
 * @param files Content by file name.
 */
export async function saveModel(
  dir: string,
  metadata: Omit<ModelMetadata, 'files'>,
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const hashes: Record<string, string> = {};
  for (const [file, bytes] of Object.entries(files)) {
    await writeFile(join(dir, file), bytes);
    hashes[file] = await sha256(bytes);
  }
  await writeFile(join(dir, METADATA_FILE), await sealMetadata({ ...metadata, files: hashes }));
}
