import { classifySlice } from './api.js';
import { firstRow, joined, slices } from './slices.js';

const GZIP = [0x1f, 0x8b];
const TABLES = new Set(['csv', 'tsv']);

/**
 * Labels a file or pasted text slice by slice, so that rows appear while the rest is still to be sent.
 *
 * @param {Blob} input
 * @param {{column?: string, token?: string, signal: AbortSignal}} options
 * @yields {{bytes: number, event: object}} `bytes` of the input read so far, and what the server said.
 */
export async function* label(input, { column, token, signal }) {
  let bytes = 0;
  let format;
  let header;
  let rows = 0;
  const isTable = () => format && TABLES.has(format);
  const counted = new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const text = await unwrapped(input, input.stream().pipeThrough(counted));

  for await (const slice of slices(text, isTable)) {
    const body = header ? joined(header, slice) : slice;
    const query = { column, input_format: format, first_row: String(rows + 1) };
    for await (const event of classifySlice(body, query, token, signal)) {
      if (event.rows) rows += event.rows.length;
      if (event.format && format) continue; // only the first slice has the head of the output
      if (event.format) {
        format = event.format;
        if (isTable()) header = firstRow(slice);
      }
      yield { bytes, event };
    }
  }
}

/** Without compression and in UTF-8. */
async function unwrapped(input, stream) {
  const start = new Uint8Array(await input.slice(0, 2).arrayBuffer());
  if (start[0] === GZIP[0] && start[1] === GZIP[1]) return stream.pipeThrough(new DecompressionStream('gzip'));
  const encoding = utf16(start);
  if (!encoding) return stream;
  return stream.pipeThrough(new TextDecoderStream(encoding)).pipeThrough(new TextEncoderStream());
}

function utf16([first, second]) {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}
