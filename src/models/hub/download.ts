import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LogiqError } from '../../errors.ts';
import { hubEndpoint, refusal, type HubFile, type HubModel } from './listing.ts';
import { getFromHub, type HubRequest } from './request.ts';

/** Files that are fetched at most. */
const MAX_FILE_BYTES = 4 * 1024 ** 3;

export interface Downloaded {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Fetches one file. What an earlier try has left in `path.incomplete` is gone on from; the file gets its name when its hash is
 * the one that the hub gives.
 *
 * @param onBytes Told how many bytes of the file are there.
 * @throws {LogiqError} E_HUB when it cannot be fetched or its hash differs.
 */
export async function downloadFile(
  { id, commit }: Pick<HubModel, 'id' | 'commit'>,
  file: HubFile,
  path: string,
  options: HubRequest,
  onBytes: (bytes: number) => void,
): Promise<Downloaded> {
  const part = `${path}.incomplete`;
  await mkdir(dirname(path), { recursive: true });
  let there = await sizeOf(part);
  if (file.size === undefined || there < file.size) {
    const url = `${hubEndpoint(options.env)}/${id}/resolve/${commit}/${file.path}`;
    const headers = there > 0 ? { range: `bytes=${there}-` } : {};
    const response = await getFromHub(url, { ...options, headers });
    const status = response.statusCode ?? 0;
    if (status === 416) {
      // what is there is longer than the file
      response.resume();
      await rm(part);
      return downloadFile({ id, commit }, file, path, options, onBytes);
    }
    if (status !== 200 && status !== 206) {
      response.resume();
      throw refusal(`${file.path} of ${id}`, hubEndpoint(options.env), status);
    }
    if (status === 200) there = 0;
    await pipeline(
      response,
      async function* count(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          there += chunk.length;
          if (there > MAX_FILE_BYTES) throw new LogiqError('E_HUB', `${file.path} is larger than ${MAX_FILE_BYTES} bytes.`);
          onBytes(there);
          yield chunk;
        }
      },
      createWriteStream(part, { flags: status === 206 ? 'a' : 'w' }),
      { signal: options.signal },
    ).catch((cause: unknown) => {
      options.signal.throwIfAborted();
      if (cause instanceof LogiqError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LogiqError('E_HUB', `${file.path} broke off after ${there} bytes: ${reason}.`, 'Pull again: it goes on there.', {
        cause,
      });
    });
  }
  return finish(file, part, path);
}

async function finish(file: HubFile, part: string, path: string): Promise<Downloaded> {
  const bytes = await sizeOf(part);
  const sha256 = createHash('sha256');
  const blob = createHash('sha1').update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(part)) {
    sha256.update(chunk as Buffer);
    blob.update(chunk as Buffer);
  }
  const found = { sha256: sha256.digest('hex'), bytes };
  const isRight =
    file.sha256 === undefined
      ? file.blobSha1 === undefined || file.blobSha1 === blob.digest('hex')
      : file.sha256 === found.sha256;
  if (!isRight) {
    await rm(part);
    throw new LogiqError('E_HUB', `${file.path} came damaged: its hash is not the hub's.`, 'Pull again.');
  }
  await rename(part, path);
  return found;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
