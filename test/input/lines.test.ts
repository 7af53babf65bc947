import { expect, test } from 'vitest';
import { openInput } from '../../src/input/index.ts';
import { chunked, every, readAll } from './read.ts';

test('one row a line, blank lines too', async () => {
  const { format, raws, damage, layout } = await readAll('a\n\nb\r\nc');
  expect(format).toBe('lines');
  expect(raws).toEqual(['a', '', 'b', 'c']);
  expect(damage).toEqual({});
  expect(layout).toEqual({ kind: 'lines' });
});

test('no input, no rows', async () => {
  expect(await readAll('')).toMatchObject({ format: 'lines', raws: [], batchSizes: [] });
  expect(await readAll(chunked('', ''))).toMatchObject({ raws: [] });
  expect(await readAll('\n')).toMatchObject({ raws: [''] });
});

test('a bare CR does not end a line', async () => {
  expect((await readAll('10 %\r20 %\r\nx\r\r\n')).raws).toEqual(['10 %\r20 %', 'x\r']);
});

test('colours are taken off the text, not off the row', async () => {
  const { raws, texts } = await readAll('\u001b[31merror\u001b[0m: é\n\u001b]8;;http://a\u0007link\u001b]8;;\u0007\n');
  expect(texts).toEqual(['error: é', 'link']);
  expect(raws[0]).toBe('\u001b[31merror\u001b[0m: \u00c3\u00a9');
});

test('a NUL is kept, flagged and counted', async () => {
  const { raws, texts, damaged } = await readAll('a\0b\nc\n');
  expect(raws).toEqual(['a\0b', 'c']);
  expect(texts).toEqual(['a\0b', 'c']);
  expect([...damaged]).toEqual([[1, 'nul']]);
});

test('a line over 1 MiB is one row, cut, and never inside a character', async () => {
  const long = `x${'é'.repeat(2 << 20)}`;
  const { raws, texts, damage } = await readAll(every(65_536, `a\n${long}\nb\n`));
  expect(raws.map((raw) => raw.length)).toEqual([1, (1 << 20) - 1, 1]);
  expect(texts[1]?.endsWith('é')).toBe(true);
  expect(damage).toEqual({ cut: { count: 1, firstRow: 2, firstLine: 2 } });
});

test('a line over 1 MiB in one chunk is the same row as in many', async () => {
  const input = `${'x'.repeat(2_500_000)}\n${'y'.repeat(1 << 20)}\n${'z'.repeat((1 << 20) + 1)}`;
  const whole = await readAll(input);
  expect(whole.raws.map((raw) => raw.length)).toEqual([1 << 20, 1 << 20, 1 << 20]);
  expect([...whole.damaged.keys()]).toEqual([1, 3]);
  expect((await readAll(every(1000, input))).raws).toEqual(whole.raws);
});

test('first batches are small, later ones full', async () => {
  const { batchSizes } = await readAll('x\n'.repeat(3000));
  expect(batchSizes).toEqual([16, 64, 256, 1024, 1024, 616]);
  expect((await readAll('x\n'.repeat(30), { batchRows: 8 })).batchSizes).toEqual([8, 8, 8, 6]);
});

test('a row is out as soon as its line end is in', async () => {
  let asked = 0;
  async function* live(): AsyncGenerator<Uint8Array, void> {
    for (const line of ['one\ntw', 'o\n', 'three\n']) {
      asked += 1;
      yield Buffer.from(line);
    }
  }
  const { batches } = await openInput(live());
  const seen: Array<readonly [number, readonly string[]]> = [];
  for await (const batch of batches) seen.push([asked, batch.raws]);
  expect(seen).toEqual([
    [1, ['one']],
    [2, ['two']],
    [3, ['three']],
  ]);
});

test('the source is closed when the reader has seen enough', async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) yield Buffer.from('line\n');
    } finally {
      closed = true;
    }
  }
  const { batches } = await openInput(endless());
  for await (const _ of batches) break;
  expect(closed).toBe(true);
});

test('an abort ends reading while bytes are awaited', async () => {
  const stop = new AbortController();
  const { batches } = await openInput(stuck(), { signal: stop.signal });
  const rows: string[] = [];
  const reading = (async () => {
    for await (const batch of batches) {
      rows.push(...batch.raws);
      setImmediate(() => stop.abort(new Error('stopped')));
    }
  })();
  await expect(reading).rejects.toThrow('stopped');
  expect(rows).toEqual(['line']);
});

test('--column needs a table', async () => {
  await expect(readAll('Jan 1 sshd: failed\n', { column: 'message' })).rejects.toMatchObject({
    code: 'E_INPUT_COLUMN',
    message: 'Input has no column "message": it looks like one message a line.',
  });
});

async function* stuck(): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from('line\n');
  await new Promise(() => undefined);
}
