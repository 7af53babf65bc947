/**
 * Characters that a terminal obeys instead of showing them: C0 but tab and LF, DEL, C1, the marks that turn the direction
 * of writing, and the separators that some take for a line end. With the introducers gone, CSI, OSC and DCS sequences are
 * plain text.
 */
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Log text for a terminal: what a terminal would obey becomes a visible escape, `\x1b` or `\u202e`. Tab and LF stay.
 */
export function visible(text: string): string {
  return text.replaceAll(OBEYED, escaped);
}

/** `visible` for what has its place in one line, such as a file name. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', String.raw`\n`);
}

/** `visible` for messages of several lines: those after the first are marked, so that none of them begins as an order to a CI service. */
export function visibleBlock(text: string): string {
  return visible(text.trimEnd()).replaceAll('\n', '\n  | ');
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** Chunks of rows as a terminal may have them. CR before LF ends a line there as LF alone does, so it goes unseen. */
export async function* visibleChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of chunks) yield encoder.encode(visible(decoder.decode(chunk).replaceAll('\r\n', '\n')));
}
