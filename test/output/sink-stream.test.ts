import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { writeAll, type WriteResult } from '../../src/output/sink.ts';
import type { OutputStream, Target } from '../../src/output/target.ts';
import { each } from './labelled.ts';

const never = new AbortController().signal;

function target(stream: OutputStream): Target {
  return { kind: 'stream', name: 'standard output', stream };
}

function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`write ${code}`), { code });
}

/** Endless chunks that count how many were taken and tell when they were ended. */
function countedSource() {
  const source = { taken: 0, isEnded: false, chunks: endless() };
  return source;

  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from(`row ${++source.taken}\n`);
    } finally {
      source.isEnded = true;
    }
  }
}

/** A stream whose n-th write fails. */
function failingAt(at: number, code: string): Writable {
  let writes = 0;
  return new Writable({ write: (_chunk, _encoding, done) => done(++writes === at ? systemError(code) : null) });
}

test.each(['EPIPE', 'ECONNRESET'])('a reader that went away (%s) ends everything quietly', async (code) => {
  const source = countedSource();
  expect(await writeAll(source.chunks, target(failingAt(3, code)), never)).toEqual({ closed: true });
  expect([source.taken, source.isEnded]).toEqual([3, true]);
});

test('a stream that is closed already has no reader', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  stream.destroy();
  const source = countedSource();
  expect(await writeAll(source.chunks, target(stream), never)).toEqual({ closed: true });
  expect(source.isEnded).toBe(true);
});

test.each([1, 2, 5])('write number %i fails: the error says why and the source has ended', async (at) => {
  const source = countedSource();
  const writing = writeAll(source.chunks, target(failingAt(at, 'ENOSPC')), never);
  await expect(writing).rejects.toMatchObject({
    code: 'E_OUTPUT_WRITE',
    message: 'Cannot write to standard output: the disk is full.',
  });
  expect([source.taken, source.isEnded]).toEqual([at, true]);
});

test('no chunk is asked for before the last one has left', async () => {
  const source = countedSource();
  const pending: Array<() => void> = [];
  const stream = new Writable({ highWaterMark: 1 << 20, write: (_chunk, _encoding, done) => pending.push(done) });
  const stop = new AbortController();
  const writing: Promise<WriteResult> = writeAll(source.chunks, target(stream), stop.signal);
  for (let written = 1; written <= 5; written++) {
    await new Promise(setImmediate);
    expect([source.taken, pending.length]).toEqual([written, 1]);
    pending.pop()?.();
  }
  stop.abort();
  await new Promise(setImmediate);
  pending.pop()?.();
  await writing;
});

test('a reader that stands still does not outlast an abort', async () => {
  const source = countedSource();
  const stop = new AbortController();
  const stream = new Writable({ write: () => stop.abort() }); // never done
  expect(await writeAll(source.chunks, target(stream), stop.signal)).toEqual({ closed: false });
  expect([source.taken, source.isEnded]).toEqual([1, true]);
});

test('the stream stays open for others', async () => {
  const texts: string[] = [];
  const stream = new Writable({ write: (chunk, _encoding, done) => (texts.push(String(chunk)), done()) });
  await writeAll(each([Buffer.from('a\r\n\x1b[1m'), Buffer.from('b')]), target(stream), never);
  expect(texts).toEqual(['a\r\n\x1b[1m', 'b']);
  expect([stream.writableEnded, stream.listenerCount('error')]).toEqual([false, 0]);
});

test('a terminal gets rows without anything that it would obey', async () => {
  const texts: string[] = [];
  const stream = new Writable({ write: (chunk, _encoding, done) => (texts.push(String(chunk)), done()) });
  const terminal = target(Object.assign(stream, { isTTY: true }));
  await writeAll(each([Buffer.from('é\x1b[2J\r\n\ta\rb\n')]), terminal, never);
  expect(texts.join('')).toBe('é\\x1b[2J\n\ta\\x0db\n');
});
