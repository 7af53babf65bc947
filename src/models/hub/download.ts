import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LogiqError } from '../../errors.ts';
import { hashFile, isTheHubs, type FileHashes } from './hash-file.ts';
import { hubEndpoint, refusal, type HubFile, type HubModel } from './listing.ts';
import { getFromHub, type HubRequest } from './request.ts';

/** Files that are fetched at most. */
const MAX_FILE_BYTES = 4 * 1024 ** 3;

/**
 * Fetches one file. What an earlier try has left in `path.incomplete` is gone on from; the file gets its name when its hash is
 * the one that the hub gives.
 *
 * @param onBytes Told how many bytes of the file are there.
 * @throws {LogiqError} E_HUB when it cannot be fetched or its hash differs; the system's error when it cannot be written.
 */
export async function downloadFile(
  { id, commit }: Pick<HubModel, 'id' | 'commit'>,
  file: HubFile,
  path: string,
  options: HubRequest,
  onBytes: (bytes: number) => void,
): Promise<FileHashes> {
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
      received(response, file, options.signal),
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
    );
  }
  return finish(file, part, path);
}

/** What breaks off is the hub's failure, not the disk's. */
async function* received(response: AsyncIterable<Buffer>, file: HubFile, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* response;
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LogiqError('E_HUB', `${file.path} broke off: ${reason}.`, 'Pull again: it goes on there.', { cause });
  }
}

async function finish(file: HubFile, part: string, path: string): Promise<FileHashes> {
  const found = await hashFile(part);
  if (found === undefined || isTheHubs(file, found) === false) {
    await rm(part, { force: true });
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
