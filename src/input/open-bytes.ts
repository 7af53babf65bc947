import type { Buffer } from 'node:buffer';
import { LogiqError } from '../errors.ts';
import { decompress, type Inflation } from './decompress.ts';
import { createDecoder, transcode } from './encoding.ts';
import { peek, type Peeked } from './peek.ts';
import { type Compression, findSignature, mayBecomeSignature, SIGNATURE_BYTES } from './signature.ts';

/** Most bytes that are looked at to tell the format. */
export const HEAD_BYTES = 64 * 1024;

/** An input without its wrapping: decompressed, in UTF-8 unless it is in an encoding nobody named, without a byte order mark. */
export interface OpenBytes {
  /** Peeked until one line is whole, or `HEAD_BYTES`, or the end. */
  readonly head: Peeked;
  /** What was taken off, for people: `gzip`, `utf-16le`. */
  readonly wrapping: readonly string[];
  /** Every U+FFFD in it stands for what could not be decoded. */
  readonly isTranscoded: boolean;
  /** A UTF-8 byte order mark was taken off, and is to be put back. */
  readonly hasMark: boolean;
  readonly inflation: Readonly<Inflation>;
}

/**
 * @param compression Known from elsewhere; gzip and zstd are told by their bytes.
 * @param encoding Name of the encoding; absent: UTF-8, or UTF-16 by its byte order mark.
 * @throws {LogiqError} E_INPUT_UNREADABLE for a compression that is not read here, E_USAGE for an unknown encoding.
 */
export async function openBytes(
  source: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  compression: Compression | undefined,
): Promise<OpenBytes> {
  const decoder = encoding === undefined ? undefined : createDecoder(encoding);
  const inflation: Inflation = {};
  const wrapping: string[] = [];
  let start = await peekSignature(source);
  let signature = findSignature(start.bytes);
  if (signature?.kind === 'foreign') throw unreadable(signature.name, signature.tool);
  const by = signature?.kind === 'compressed' ? signature.by : compression;
  if (by) {
    wrapping.push(by);
    start = await peekSignature(decompress(start.chunks(), by, inflation));
    signature = findSignature(start.bytes);
  }
  const bom = signature?.kind === 'bom' ? signature : undefined;
  const isUtf16 = bom !== undefined && bom.encoding !== 'utf-8';
  const chosen = decoder ?? (isUtf16 ? createDecoder(bom.encoding) : undefined);
  if (chosen && chosen.encoding !== 'utf-8') {
    wrapping.push(chosen.encoding);
    const head = await peekLine(transcode(start.chunks(), chosen));
    return { head, wrapping, isTranscoded: true, hasMark: false, inflation };
  }
  const hasMark = bom?.encoding === 'utf-8';
  const head = await peekLine(start.chunks(hasMark ? bom.bytes : 0));
  return { head, wrapping, isTranscoded: false, hasMark, inflation };
}

function peekSignature(source: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const seen: number[] = [];
  return peek(source, (chunk) => {
    seen.push(...chunk.subarray(0, SIGNATURE_BYTES - seen.length));
    return !mayBecomeSignature(Uint8Array.from(seen));
  });
}

function peekLine(source: AsyncIterable<Buffer>): Promise<Peeked> {
  return peek(source, (chunk, size) => chunk.includes(0x0a) || size >= HEAD_BYTES);
}

function unreadable(name: string, tool: string): LogiqError {
  return new LogiqError(
    'E_INPUT_UNREADABLE',
    `Input is compressed by ${name}, which is not read here.`,
    `Pipe it in: ${tool} FILE | logiq`,
  );
}
