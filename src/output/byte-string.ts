import { Buffer } from 'node:buffer';
import type { ByteString } from '../types.ts';

const NOT_ASCII = /[^\0-\x7f]/; // oxlint-disable-line no-control-regex

/** UTF-8 bytes of a text, one character a byte. */
export function toByteString(text: string): ByteString {
  return NOT_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** Text of UTF-8 bytes; a sequence that is no UTF-8 becomes U+FFFD. */
export function toText(bytes: ByteString): string {
  return NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
