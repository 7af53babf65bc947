import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, preParsingAsyncHookHandler } from 'fastify';
import { groupEvents } from '../../events/group-events.ts';
import { openInput, type InputFormat, type RecordStream } from '../../input/index.ts';
import { createWriter, type OutputFormat } from '../../output/index.ts';
import type { RecordBatch } from '../../types.ts';
import type { Context } from '../context.ts';
import { toEvents } from '../events.ts';
import { HttpProblem, toHttpProblem } from '../problem.ts';
import { abortOnLeave, ClientGone } from '../request-signal.ts';
import { fileQuery } from '../schemas.ts';
import { spooled } from '../spool.ts';
import { acceptUploads, openUpload } from '../upload.ts';

/** A client that sends and reads nothing for this long gets its rows from a file. */
const STALL_MS = 1000;

interface Query {
  readonly format?: OutputFormat | 'events';
  readonly input_format?: InputFormat;
  readonly column?: string;
  readonly multiline?: 'auto' | 'off';
  readonly explain?: string;
  readonly csv_safe?: string;
  readonly first_row?: string;
  readonly hold?: string;
}

/** `POST /classify-file`: rows in, labelled rows out, without holding the file. */
export async function addClassifyFileRoute(app: FastifyInstance, context: Context): Promise<void> {
  const { engine, metrics, uploads, limits } = context;
  const options = { maxBytes: context.maxUploadBytes, limits };
  await acceptUploads(app, options);

  // Before the body is touched: in a burst of uploads most are refused, and each must cost next to nothing.
  const takePlace: preParsingAsyncHookHandler = async (request, reply, payload) => {
    if (reply.raw.destroyed) throw new ClientGone(); // its end has been told already
    const place = uploads.enter(1, request.ip);
    if (!place) throw full(uploads.inside());
    reply.raw.once('close', () => place.leave());
    return payload;
  };
  const schema = { querystring: fileQuery };
  app.post<{ Querystring: Query }>('/classify-file', { schema, preParsing: takePlace }, async (request, reply) => {
    const { query } = request;
    const signal = abortOnLeave(reply);
    const source = await openUpload(request, options);
    const input = await openInput(source, { format: query.input_format, column: query.column, signal });
    // The rows of a table are records already.
    const isGrouped = query.multiline !== 'off' && input.layout.kind !== 'table';
    const batches = numberedFrom(Number(query.first_row ?? 1), input.batches);
    const labelled = engine.label(isGrouped ? groupEvents(batches) : batches, metrics.stats, signal);
    const write = createWriter(query.format === 'events' ? undefined : query.format, input.layout, {
      explain: query.explain === 'true',
      events: isGrouped && (query.explain === 'true' || query.multiline === 'auto'),
      csvSafe: query.csv_safe !== 'false',
    });
    const rows = query.format === 'events' ? toEvents(labelled, write, input) : write(labelled);
    const holds = query.hold === 'true';
    const chunks = spooled(rows, { isSending: () => !request.raw.complete, stallMs: holds ? 0 : STALL_MS });
    // What is wrong with the beginning can still be said; after it the answer can only end early.
    const first = await chunks.next();
    if (holds) await wholeBody(request.raw);
    reply.header('content-type', contentType(query.format, input));
    return reply.send(Readable.from(untilTheEnd(first, chunks, request.log), { objectMode: false }));
  });
}

/** The rows go to a file meanwhile (`spooled`). */
async function wholeBody(body: IncomingMessage): Promise<void> {
  if (!body.complete) await new Promise((resolve) => body.once('end', resolve).once('close', resolve));
}

function full(running: number): HttpProblem {
  return new HttpProblem('busy', `${running} uploads are being labelled, or too many of yours.`, {
    retryAfterSeconds: 5,
    hint: 'Send it again when one has ended.',
  });
}

async function* numberedFrom(firstRow: number, batches: AsyncIterable<RecordBatch>): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) {
    yield firstRow === 1 ? batch : { ...batch, firstRow: batch.firstRow + firstRow - 1 };
  }
}

async function* untilTheEnd(
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncIterable<Uint8Array>,
  log: FastifyBaseLogger,
): AsyncGenerator<Uint8Array> {
  try {
    if (first.done !== true) yield first.value;
    yield* rest;
  } catch (error) {
    // The status is sent; that the answer breaks off is all a client can be told.
    const problem = toHttpProblem(error);
    if (!(error instanceof ClientGone)) log.warn({ reason: problem?.message ?? String(error) }, 'an answer broke off');
    throw error;
  }
}

function contentType(format: Query['format'], { layout }: RecordStream): Parameters<FastifyReply['type']>[0] {
  const isLikeInput = format === undefined;
  if (format === 'jsonl' || format === 'events' || (isLikeInput && layout.kind === 'json'))
    return 'application/x-ndjson';
  if (format === 'tsv' || (isLikeInput && layout.kind === 'table' && layout.delimiter === '\t')) {
    return 'text/tab-separated-values; charset=utf-8';
  }
  return format === 'raw' ? 'text/plain; charset=utf-8' : 'text/csv; charset=utf-8';
}
