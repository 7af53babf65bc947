import { expect, test } from 'vitest';
import { createMemo } from '../../src/template/memo.ts';

const never = new AbortController().signal;

test('each key is asked for once, across batches and within one', async () => {
  const asked: string[][] = [];
  const memo = createMemo(upper(asked), { maxEntries: 10 });
  expect(await memo.ask(['a', 'b', 'a'], never)).toEqual(['A', 'B', 'A']);
  expect(await memo.ask(['b', 'c', 'a'], never)).toEqual(['B', 'C', 'A']);
  expect(asked).toEqual([['a', 'b'], ['c']]);
  expect(memo.counters()).toEqual({ hits: 3, misses: 3, size: 3, evicted: 0 });
});

test('an empty batch and an all-known batch ask nothing', async () => {
  const asked: string[][] = [];
  const memo = createMemo(upper(asked), { maxEntries: 10 });
  expect(await memo.ask([], never)).toEqual([]);
  await memo.ask(['a'], never);
  expect(await memo.ask(['a', 'a'], never)).toEqual(['A', 'A']);
  expect(asked).toEqual([['a']]);
});

test('null is an answer like any other', async () => {
  let asks = 0;
  const memo = createMemo<null>(
    async (keys) => {
      asks++;
      return keys.map(() => null);
    },
    { maxEntries: 10 },
  );
  expect(await memo.ask(['a'], never)).toEqual([null]);
  expect(await memo.ask(['a'], never)).toEqual([null]);
  expect(asks).toBe(1);
});

test('a key in flight is shared, and only what is new is asked for beside it', async () => {
  const asks = heldAsks();
  const memo = createMemo(asks.ask, { maxEntries: 10 });
  const first = memo.ask(['a', 'b'], never);
  const second = memo.ask(['b', 'c'], never);
  await tick();
  expect(asks.held.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c']]);
  asks.held[1]?.answer();
  asks.held[0]?.answer();
  expect(await first).toEqual(['A', 'B']);
  expect(await second).toEqual(['B', 'C']);
  expect(memo.counters()).toMatchObject({ hits: 1, misses: 3 });
});

test('a failed ask rejects only those who wait for it and is asked again next time', async () => {
  const asks = heldAsks();
  const memo = createMemo(asks.ask, { maxEntries: 10 });
  const failing = [memo.ask(['a'], never), memo.ask(['a', 'b'], never)];
  const other = memo.ask(['c'], never);
  await tick();
  asks.held[0]?.fail(new Error('down'));
  asks.held[1]?.answer();
  asks.held[2]?.answer();
  await expect(failing[0]).rejects.toThrow('down');
  await expect(failing[1]).rejects.toThrow('down');
  expect(await other).toEqual(['C']);
  const again = memo.ask(['a', 'b'], never);
  await tick();
  expect(asks.held[3]?.keys).toEqual(['a']);
  asks.held[3]?.answer();
  expect(await again).toEqual(['A', 'B']);
});

test('an abort rejects its caller at once and leaves the ask to the others', async () => {
  const asks = heldAsks();
  const memo = createMemo(asks.ask, { maxEntries: 10 });
  const leaving = new AbortController();
  const first = memo.ask(['a'], leaving.signal);
  const second = memo.ask(['a'], never);
  await tick();
  leaving.abort(new Error('left'));
  await expect(first).rejects.toThrow('left');
  expect(asks.held[0]?.signal.aborted).toBe(false);
  asks.held[0]?.answer();
  expect(await second).toEqual(['A']);
});

test('an ask that nobody waits for any more is aborted, and a later caller starts a new one', async () => {
  const asks = heldAsks();
  const memo = createMemo(asks.ask, { maxEntries: 10 });
  const leaving = new AbortController();
  const first = memo.ask(['a'], leaving.signal);
  await tick();
  leaving.abort(new Error('left'));
  await expect(first).rejects.toThrow('left');
  expect(asks.held[0]?.signal.aborted).toBe(true);
  const second = memo.ask(['a'], never);
  await tick();
  expect(asks.held.length).toBe(2);
  asks.held[0]?.fail(new Error('late'));
  asks.held[1]?.answer();
  expect(await second).toEqual(['A']);
});

test('an aborted caller still gets what is known, and asks for nothing', async () => {
  const asked: string[][] = [];
  const memo = createMemo(upper(asked), { maxEntries: 10 });
  await memo.ask(['a'], never);
  expect(await memo.ask(['a'], AbortSignal.abort())).toEqual(['A']);
  await expect(memo.ask(['b'], AbortSignal.abort())).rejects.toThrow();
  expect(asked).toEqual([['a']]);
});

test('the least recently used answer goes first, and a batch larger than the memo is still answered', async () => {
  const asked: string[][] = [];
  const memo = createMemo(upper(asked), { maxEntries: 2 });
  await memo.ask(['a', 'b'], never);
  await memo.ask(['a'], never);
  await memo.ask(['c'], never);
  await memo.ask(['a'], never);
  expect(asked).toEqual([['a', 'b'], ['c']]);
  expect(await memo.ask(['p', 'q', 'r', 's', 'p'], never)).toEqual(['P', 'Q', 'R', 'S', 'P']);
  expect(memo.counters()).toMatchObject({ size: 2, evicted: 5 });
});

test('a wrong number of answers is an error, not a shift', async () => {
  const memo = createMemo(async () => ['only one'], { maxEntries: 2 });
  await expect(memo.ask(['a', 'b'], never)).rejects.toThrow('Asked for 2 keys, got 1 answers.');
});

function upper(asked: string[][]) {
  return async (keys: readonly string[]): Promise<string[]> => {
    asked.push([...keys]);
    return keys.map((key) => key.toUpperCase());
  };
}

/** Asks that stay open until the test answers or fails them. */
function heldAsks() {
  const held: Array<{ keys: readonly string[]; signal: AbortSignal; answer(): void; fail(error: Error): void }> = [];
  const ask = (keys: readonly string[], signal: AbortSignal): Promise<string[]> =>
    new Promise((resolve, reject) => {
      held.push({ keys, signal, answer: () => resolve(keys.map((key) => key.toUpperCase())), fail: reject });
    });
  return { ask, held };
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
