import type { Buffer } from 'node:buffer';
import { LogiqError } from '../errors.ts';
import type { Io } from '../types.ts';
import { openBytes } from './open-bytes.ts';
import { openSource } from './source.ts';

/**
 * Share of control characters from which bytes with a NUL are no text. Random bytes have 0.1, and text between 0 and 0.02,
 * but for formats that separate fields by one of them; these hold no NUL.
 */
const MAX_CONTROL_SHARE = 0.05;

/**
 * Whether the first bytes of a file, decompressed and decoded, are clearly no text, or are compressed in a way that is
 * not read here. A file that cannot be read is the reader's to report.
 *
 * @param encoding As for `openInput`; UTF-16 without a byte order mark is text only where it is named.
 * @throws {LogiqError} E_USAGE for an unknown encoding.
 */
export async function isBinaryFile(
  path: string,
  io: Pick<Io, 'stdin' | 'cwd' | 'signal'>,
  encoding: string | undefined,
): Promise<boolean> {
  // a signal of its own: streams give up their listeners some time after they are closed
  const source = openSource(path, { ...io, signal: AbortSignal.any([io.signal]) });
  const beginning = await readBeginning(source);
  try {
    const { head } = await openBytes(beginning, encoding, source.compression);
    for await (const _ of head.chunks()) break; // gives the decompressor back
    return isBinary(head.bytes);
  } catch (error) {
    if (error instanceof LogiqError && error.code === 'E_INPUT_UNREADABLE') return true;
    throw error;
  }
}

async function readBeginning(source: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  try {
    for await (const chunk of source) return each([chunk]);
  } catch {
    // the reader will meet it too
  }
  return each([]);
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}

/** NULs at the beginning do not count: a log that was emptied while a program wrote to it has them. */
export function isBinary(head: Buffer): boolean {
  const from = head.findIndex((byte) => byte !== 0);
  if (from === -1) return head.length > 0;
  const text = head.subarray(from);
  if (!text.includes(0)) return false;
  const controls = text.reduce((sum, byte) => sum + (isControl(byte) ? 1 : 0), 0);
  return controls > text.length * MAX_CONTROL_SHARE;
}

/** C0 and DEL, but for BS, TAB, LF, VT, FF, CR and ESC, which logs of terminals have. */
function isControl(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && (byte < 0x08 || byte > 0x0d) && byte !== 0x1b);
}
