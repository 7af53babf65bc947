import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Limits } from './limits.ts';
import { tooLarge, withPatience } from './patience.ts';
import { HttpProblem } from './problem.ts';

export interface UploadOptions {
  readonly maxBytes: number;
  readonly limits: Limits;
}

const HINT =
  'Send the file as the body, as curl --data-binary @FILE -H "content-type: application/octet-stream" does, ' +
  'or as a form with one file, as curl -F file=@FILE does.';

/** Lets bodies of any kind through unread: for a scope that only has uploads. */
export async function acceptUploads(app: FastifyInstance, { maxBytes, limits }: UploadOptions): Promise<void> {
  const { default: multipart } = await import('@fastify/multipart');
  app.removeAllContentTypeParsers();
  await app.register(multipart, {
    limits: {
      files: 1,
      fields: limits.parts - 1,
      parts: limits.parts,
      fileSize: maxBytes + 1, // one more, so that ours is what stops it
      fieldSize: 1024,
      fieldNameSize: 100,
      headerPairs: 32,
    },
  });
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/**
 * The bytes of the uploaded file.
 *
 * @throws {HttpProblem} too-large at once where the length says so; invalid-request for a form without a file.
 */
export async function openUpload(
  request: FastifyRequest,
  { maxBytes, limits }: UploadOptions,
): Promise<AsyncIterable<Uint8Array>> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > maxBytes) throw tooLarge(maxBytes);
  const stream = request.isMultipart() ? await fileOfForm(request) : (request.body as Readable | undefined);
  if (!stream) throw new HttpProblem('invalid-request', 'The request has no body.', { hint: HINT });
  const bytes = withPatience(chunksOf(stream), { maxBytes, limits });
  const isSmall = length > 0 && length <= limits.smallUploadBytes;
  return isSmall ? inOne(await readAll(bytes)) : bytes;
}

async function fileOfForm(request: FastifyRequest): Promise<Readable> {
  const part = await request.file().catch((error: Error & { code?: string }) => {
    if (error.code?.endsWith('_LIMIT') === true) {
      throw new HttpProblem('too-large', 'The form has too many or too large parts.', { hint: HINT });
    }
    throw new HttpProblem('invalid-request', `The form cannot be read: ${error.message}.`, { hint: HINT });
  });
  if (part) return part.file;
  throw new HttpProblem('invalid-request', 'The form has no file.', { hint: HINT });
}

/** The stream stays open when reading ends early: the answer goes out by the same connection. */
async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new HttpProblem('invalid-request', `The upload broke off: ${(error as Error).message}.`);
  }
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inOne(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
