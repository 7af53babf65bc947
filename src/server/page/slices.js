/** Bytes sent at a time: the server takes in as much before it answers, and rows appear after each. */
export const SLICE_BYTES = 512 * 1024;

/** A row that is longer than this is cut. */
const MAX_SLICE_BYTES = 8 * SLICE_BYTES;

const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/**
 * Cuts an input into pieces that end with whole rows. Until it is known whether the input is a table, and in tables, a row
 * does not end inside quotes.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @param {() => boolean | undefined} isTable Undefined as long as nobody knows.
 * @yields {Uint8Array}
 */
export async function* slices(stream, isTable, sliceBytes = SLICE_BYTES) {
  const reader = stream.getReader();
  let held = new Uint8Array(0);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      held = joined(held, value);
      while (held.length >= sliceBytes) {
        const end = lastRowEnd(held, isTable() !== false) || (held.length > MAX_SLICE_BYTES ? anyRowEnd(held) : 0);
        if (end === 0) break;
        yield held.subarray(0, end);
        held = held.slice(end);
      }
    }
    if (held.length > 0) yield held;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Bytes of the first row with its line end; all of them when there is no end. */
export function firstRow(bytes) {
  let isQuoted = false;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    else if (bytes[at] === LINE_FEED && !isQuoted) return bytes.subarray(0, at + 1);
  }
  return bytes;
}

/** Where the last whole row ends; 0 when there is none. */
function lastRowEnd(bytes, heedsQuotes) {
  if (!heedsQuotes) return bytes.lastIndexOf(LINE_FEED) + 1;
  let isQuoted = false;
  let end = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    else if (bytes[at] === LINE_FEED && !isQuoted) end = at + 1;
  }
  return end;
}

/** The end of the last line, or of everything: a stray quote must not hold all that follows. */
function anyRowEnd(bytes) {
  return bytes.lastIndexOf(LINE_FEED) + 1 || bytes.length;
}

export function joined(first, second) {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
