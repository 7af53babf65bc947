import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { LogiqError } from '../../src/errors.ts';
import { createRandom, type Random } from './random.ts';
import { every, readAll, type Read } from './read.ts';

const isLong = process.env['LOGIQ_LONG_TESTS'] !== undefined;
const MUTANTS = isLong ? 10_000 : 600;
const RANDOM_FILES = isLong ? 1000 : 60;

const pieces = ['disk', 'é', '€', '😀', 'a, b', 'say "x"', 'line\nbreak', 'crlf\r\nx', '', '  pad ', '"', '=1', '\t'];

interface Mutant {
  /** Rows before the damage was done, as bytes. */
  readonly rows: string[];
  readonly bytes: Buffer;
  /** Bytes of the header and its line end. */
  readonly headBytes: number;
  /** Whether the end is missing. */
  readonly isCut: boolean;
}

function createMutant(random: Random): Mutant {
  const lineEnd = random.pick(['\n', '\r\n']);
  const rows = Array.from({ length: 20 + random.int(40) }, (_, row) =>
    [String(row), createCell(random), createCell(random)].join(','),
  );
  const whole = Buffer.from(['id,message,z', ...rows].map((row) => row + lineEnd).join(''));
  const headBytes = 'id,message,z'.length + lineEnd.length;
  const at = headBytes + random.int(whole.length - headBytes);
  const insert = (bytes: string): Buffer =>
    Buffer.concat([whole.subarray(0, at), Buffer.from(bytes, 'latin1'), whole.subarray(at)]);
  const kind = random.int(6);
  const bytes = [
    () => flip(whole, at, 1 << random.int(8)),
    () => insert(random.pick(['"', ',', '\u00ef\u00bb\u00bf', '\0'])),
    () => removeQuote(whole, at),
    () => insert(random.pick(['\r', '\n', '\r\n'])),
    () => whole.subarray(0, at),
    () => flip(whole, at, random.int(256)),
  ][kind]?.();
  if (!bytes) throw new Error('no such mutation');
  return { rows: rows.map((row) => Buffer.from(row).toString('latin1')), bytes, headBytes, isCut: kind === 4 };
}

function createCell(random: Random): string {
  const text = Array.from({ length: random.int(4) }, () => random.pick(pieces)).join('');
  return /[",\r\n]/.test(text) || random.int(4) === 0 ? `"${text.replaceAll('"', '""')}"` : text;
}

function flip(bytes: Buffer, at: number, mask: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ mask;
  return flipped;
}

function removeQuote(bytes: Buffer, from: number): Buffer {
  const at = bytes.indexOf('"', from);
  return at === -1 ? bytes : Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
}

/** What of `body` is in no row, or in two, or out of order; empty when all is well. Line ends are between rows. */
function missing(body: string, raws: readonly string[]): string {
  let at = skipLineEnds(body, 0);
  for (const raw of raws) {
    if (!body.startsWith(raw, at)) return `${JSON.stringify(raw)} is not at ${at}`;
    at = skipLineEnds(body, at + raw.length);
  }
  return body.slice(at);
}

function skipLineEnds(body: string, from: number): number {
  let at = from;
  while (body[at] === '\n' || (body[at] === '\r' && body[at + 1] === '\n')) at += body[at] === '\n' ? 1 : 2;
  return at;
}

/** Rows that are not as they were, given that those before and after them are. */
function changedRows(rows: readonly string[], raws: readonly string[]): number {
  const shorter = Math.min(rows.length, raws.length);
  let before = 0;
  while (before < shorter && rows[before] === raws[before]) before += 1;
  let after = 0;
  while (after < shorter - before && rows.at(-1 - after) === raws.at(-1 - after)) after += 1;
  return rows.length - before - after;
}

test('damage to a table costs the rows it touches, and no byte gets lost', async () => {
  const random = createRandom(1);
  for (let index = 0; index < MUTANTS; index += 1) {
    const { rows, bytes, headBytes, isCut } = createMutant(random);
    const chunks = every(random.pick([7, 64, 1 << 20]), bytes);
    const { raws } = await readAll(chunks, { format: 'csv', column: 'message' });
    expect(missing(bytes.toString('latin1', headBytes), raws), `mutant ${index}`).toBe('');
    if (!isCut) expect(changedRows(rows, raws), `mutant ${index}`).toBeLessThanOrEqual(2);
  }
});

test('random bytes are read as whatever they are, without a crash or a lost byte', async () => {
  const random = createRandom(2);
  const starts = ['', '', 'id,message\n', '{"msg":"a"}\n', 'a=1 msg=b\n', '\u001f\u008b\u0008', '\u00ff\u00fe', '"'];
  for (let index = 0; index < RANDOM_FILES; index += 1) {
    const start = random.pick(starts);
    const input = Buffer.concat([Buffer.from(start, 'latin1'), random.bytes(64_000)]);
    const read = await readOrRefuse(every(random.pick([1000, 65_536]), input));
    if (!read || !['', '"'].includes(start) || read.format !== 'lines') continue;
    expect(read.raws, `file ${index}`).toEqual(linesOf(input.toString('latin1')));
    expect(read.damage['invalid-utf8']?.count).toBeGreaterThan(1000);
  }
});

async function readOrRefuse(source: AsyncIterable<Uint8Array>): Promise<Read | undefined> {
  try {
    return await readAll(source);
  } catch (error) {
    if (error instanceof LogiqError) return undefined;
    throw error;
  }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return [...lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)), ...(last === '' ? [] : [last])];
}
