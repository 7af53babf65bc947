import { Buffer } from 'node:buffer';
import type { ByteString } from '../types.ts';

/** Bytes that keep a row from being its own text: NUL, ESC and everything that is not ASCII. */
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\0\u001b\u0080-\u00ff]/;
const NOT_ASCII = /[\u0080-\u00ff]/;

/**
 * Terminal control sequences of ECMA-48: CSI, then OSC, DCS, SOS, PM and APC up to their terminator (or the end of the
 * text), then two-character escapes.
 */
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[ -/]*[0-~])/g;

/** Whether a row has bytes that `decodeText` or `stripEscapes` would change, or a NUL. */
export function isSpecial(bytes: ByteString): boolean {
  return SPECIAL.test(bytes);
}

/** UTF-8 bytes as Unicode text; bytes that are no UTF-8 become U+FFFD. */
export function decodeText(bytes: ByteString): string {
  return NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** Unicode text as the bytes of its UTF-8 form. */
export function encodeText(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Text without terminal colours and other escape sequences. */
export function stripEscapes(text: string): string {
  return text.includes('\u001b') ? text.replace(ESCAPES, '') : text;
}

/** How many sequences of `bytes` are no UTF-8, given `text`, which is `bytes` decoded. */
export function countReplaced(bytes: ByteString, text: string): number {
  const shown = occurrences(text, '\ufffd');
  return shown === 0 ? 0 : shown - occurrences(bytes, '\u00ef\u00bf\u00bd');
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}
