import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { HubFile } from './listing.ts';

/** Lower-case hex. */
export interface FileHashes {
  readonly sha256: string;
  /** Git's hash of the content. */
  readonly blobSha1: string;
  readonly bytes: number;
}

/** @returns Undefined where there is no such file. */
export async function hashFile(path: string): Promise<FileHashes | undefined> {
  const bytes = (await stat(path).catch(() => undefined))?.size;
  if (bytes === undefined) return undefined;
  const sha256 = createHash('sha256');
  const blobSha1 = createHash('sha1').update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk as Buffer);
    blobSha1.update(chunk as Buffer);
  }
  return { sha256: sha256.digest('hex'), blobSha1: blobSha1.digest('hex'), bytes };
}

/** @returns Undefined where the hub gives no hash of the file. */
export function isTheHubs(file: HubFile, found: FileHashes): boolean | undefined {
  if (file.sha256 !== undefined) return file.sha256 === found.sha256;
  return file.blobSha1 === undefined ? undefined : file.blobSha1 === found.blobSha1;
}
