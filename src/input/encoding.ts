import { Buffer } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { didYouMean } from '../did-you-mean.ts';
import { LogiqError } from '../errors.ts';

/** Some of what `TextDecoder` knows, for suggestions. */
const KNOWN = ['utf-8', 'utf-16le', 'utf-16be', 'latin1', 'iso-8859-2', 'iso-8859-15', 'windows-1250', 'windows-1251'];
const KNOWN_MORE = ['windows-1252', 'shift_jis', 'euc-jp', 'gbk', 'gb18030', 'big5', 'euc-kr', 'koi8-r'];

/** Decodes text as it is pulled and gives it as UTF-8; what the encoding has no meaning for becomes U+FFFD. */
export async function* transcode(
  source: AsyncIterable<Uint8Array>,
  decoder: TextDecoder,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of source) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}

/** @throws {LogiqError} E_USAGE when there is no such encoding. */
export function createDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (error) {
    const hint = `${didYouMean(encoding, [...KNOWN, ...KNOWN_MORE])} Names are those of the WHATWG Encoding Standard.`;
    throw new LogiqError('E_USAGE', `There is no encoding "${encoding}".`, hint, { cause: error });
  }
}
