import { expect, test } from 'vitest';
import { groupEvents } from '../../src/events/group-events.ts';
import { MAX_EVENT_ROWS } from '../../src/events/grouper.ts';
import type { RecordBatch } from '../../src/types.ts';
import { batchesOf, group, sizes } from './group.ts';

test('the first row has the text of all, the others have none, and every row comes out', async () => {
  const lines = ['boom', '  at a', '  at b', 'next'];
  expect(await group(batchesOf(lines))).toEqual({
    raws: lines,
    texts: ['boom\n  at a\n  at b', '', '', 'next'],
    events: [1, 1, 1, 2],
  });
});

test('of a long event the beginning and the end stand in front', async () => {
  const frames = Array.from({ length: 200 }, (_, i) => `  File "/app/module_${i}.py", line ${i}, in f`);
  const { texts } = await group(batchesOf(['Traceback (most recent call last):', ...frames, 'KeyError: 7']));
  expect(texts[0]!.length).toBeLessThanOrEqual(2000);
  expect(texts[0]!.slice(0, 700)).toContain('module_0.py');
  expect(texts[0]!.slice(0, 700)).toContain('KeyError: 7');
});

test('an event has a bound, and what is beyond it is the next', async () => {
  const lines = ['head', ...Array.from({ length: MAX_EVENT_ROWS + 4 }, () => '  more')];
  expect(sizes(await group(batchesOf(lines, 64)))).toEqual([MAX_EVENT_ROWS, 5]);
});

test('damage stays with its row', async () => {
  const seen = new Map<number, string>();
  async function* source(): AsyncGenerator<RecordBatch> {
    yield { firstRow: 1, raws: ['a', 'b'], texts: ['a', 'b'], damaged: new Map([[1, 'nul']]) };
    yield { firstRow: 3, raws: [' c', 'd'], texts: [' c', 'd'], damaged: new Map([[0, 'cut']]) };
  }
  for await (const { firstRow, damaged } of groupEvents(source())) {
    for (const [row, kind] of damaged ?? []) seen.set(firstRow + row, kind);
  }
  expect(seen).toEqual(
    new Map([
      [2, 'nul'],
      [3, 'cut'],
    ]),
  );
});

/** One line now, another when it is asked for, and then silence. */
function live(): { batches: AsyncIterable<RecordBatch>; write(line: string): void; end(): void } {
  const lines: string[] = [];
  let wake = (): void => {};
  let ended = false;
  async function* batches(): AsyncGenerator<RecordBatch> {
    for (let row = 1; ;) {
      const line = lines.shift();
      if (line !== undefined) yield { firstRow: row++, raws: [line], texts: [line] };
      else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    batches: batches(),
    write: (line) => {
      lines.push(line);
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
  };
}

test('a row is handed on while the input is silent, and its event may go on', async () => {
  const input = live();
  const grouped = groupEvents(input.batches, { flushMs: 5 });
  input.write('boom');
  expect((await grouped.next()).value).toMatchObject({ raws: ['boom'], texts: ['boom'], events: [1] });
  input.write('  at a');
  expect((await grouped.next()).value).toMatchObject({ raws: ['  at a'], texts: ['boom\n  at a'], events: [1] });
  input.write('next');
  expect((await grouped.next()).value).toMatchObject({ raws: ['next'], texts: ['next'], events: [2] });
  input.end();
  expect((await grouped.next()).done).toBe(true);
});

test('a blank row is not held back by silence', async () => {
  const input = live();
  const grouped = groupEvents(input.batches, { flushMs: 5 });
  input.write('one');
  input.write('');
  const rows: string[] = [];
  while (rows.length < 2) rows.push(...((await grouped.next()).value as RecordBatch).raws);
  expect(rows).toEqual(['one', '']);
  input.end();
  await grouped.return();
});

test('reading can begin anew at rows that begin an event, and gives the same', async () => {
  const lines = Array.from({ length: 60 }, (_, i) => (i % 5 < 3 ? `  more ${i}` : `line ${i}`));
  const whole = await group(batchesOf(lines, 4));
  for await (const { start } of groupEvents(batchesOf(lines, 4))) {
    if (!start) continue;
    const again = await group(batchesOf(lines.slice(start.row - 1), 3), { firstEvent: start.event });
    expect(again.events).toEqual(whole.events.slice(start.row - 1));
    expect(again.texts).toEqual(whole.texts.slice(start.row - 1));
  }
});

test('leaving early ends the source', async () => {
  let ended = false;
  async function* source(): AsyncGenerator<RecordBatch> {
    try {
      for (let row = 1; ; row++) yield { firstRow: row, raws: ['x'], texts: ['x'] };
    } finally {
      ended = true;
    }
  }
  for await (const _ of groupEvents(source())) break;
  expect(ended).toBe(true);
});

test('events depend on neither batches nor what was read before them', async () => {
  const pieces = ['a line', 'ERROR failed', '', '  indented', 'Traceback (most recent call last):', 'KeyError: 1'];
  pieces.push(
    '[  1.000001] BUG: Oops',
    '[  1.000002] other',
    '[  1.000003] Call Trace:',
    '}',
    'panic: x',
    'goroutine 1 [x]:',
  );
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let run = 0; run < 300; run++) {
    const lines = Array.from({ length: 1 + random(40) }, () => pieces[random(pieces.length)] ?? '');
    const whole = await group(batchesOf(lines));
    expect(whole.raws).toEqual(lines);
    expect(await group(batchesOf(lines, 1 + random(7)))).toEqual(whole);
  }
});
