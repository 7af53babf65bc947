import type { Provider } from '../../src/embedders/device.ts';
import { expect, test } from 'vitest';
import { createPool, TEXTS_BEFORE_NEXT_THREAD, TEXTS_PER_MESSAGE, TEXTS_TOGETHER } from '../../src/embedders/pool.ts';
import type { EmbedderThread } from '../../src/embedders/thread.ts';

const never = new AbortController().signal;

interface FakeThread extends EmbedderThread {
  readonly asked: string[][];
  /** Answers the oldest open call: each text's vector is its length. */
  answer(): void;
  die(error: Error): void;
  closed: boolean;
}

function fakeThread(ready: Promise<Provider | undefined> = Promise.resolve('cpu')): FakeThread {
  const asked: string[][] = [];
  const open: Array<{ texts: readonly string[]; resolve: (v: Float32Array) => void; reject: (e: Error) => void }> = [];
  let ended = false;
  return {
    ready,
    asked,
    closed: false,
    hasEnded: () => ended,
    embed(texts) {
      asked.push([...texts]);
      return new Promise((resolve, reject) => open.push({ texts, resolve, reject }));
    },
    answer() {
      const call = open.shift()!;
      call.resolve(Float32Array.from(call.texts, (text) => text.length));
    },
    die(error) {
      ended = true;
      open.shift()!.reject(error);
    },
    async close() {
      this.closed = true;
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => 'x'.repeat(i + 1));

test('vectors come back in input order, however the texts were shared out', async () => {
  const [first, second] = [fakeThread(), fakeThread()];
  let started = 0;
  const pool = createPool(() => (started++ === 0 ? first : second), 2);
  const count = TEXTS_BEFORE_NEXT_THREAD + 3 * TEXTS_PER_MESSAGE + 1;
  const result = pool.embed(texts(count), never);
  await settle();
  await settle();
  expect(started).toBe(2);
  second.answer();
  while (first.asked.length + second.asked.length < Math.ceil(count / TEXTS_PER_MESSAGE)) {
    first.answer();
    await settle();
  }
  first.answer();
  second.answer();
  expect([...(await result)]).toEqual(texts(count).map((text) => text.length));
});

test('a thread is asked nothing before it has loaded', async () => {
  const [first, second] = [fakeThread(), fakeThread(new Promise(() => {}))];
  let started = 0;
  const pool = createPool(() => (started++ === 0 ? first : second), 2);
  void pool.embed(texts(TEXTS_BEFORE_NEXT_THREAD + TEXTS_PER_MESSAGE), never);
  await settle();
  await settle();
  expect(started).toBe(2);
  expect(second.asked).toEqual([]);
});

test('threads that start at once share out what comes one by one', async () => {
  const threads: FakeThread[] = [];
  const start = (): FakeThread => {
    const thread = fakeThread();
    threads.push(thread);
    return thread;
  };
  const pool = createPool(start, 3, 2);
  expect(threads.length).toBe(2);
  await settle();
  void pool.embed(['a'], never);
  void pool.embed(['b'], never);
  void pool.embed(['c'], never);
  await settle();
  expect(threads.map(({ asked }) => asked.flat().length)).toEqual([1, 1]);
});

test('callers that wait behind a busy thread share its next message, and each gets its own vectors', async () => {
  const thread = fakeThread();
  const pool = createPool(() => thread, 1);
  await settle();
  const first = pool.embed(['a'], never);
  const waiting = texts(TEXTS_TOGETHER + 1).map((text) => pool.embed([text], never));
  thread.answer();
  await first;
  await settle();
  expect(thread.asked[1]).toEqual(texts(TEXTS_TOGETHER));
  thread.answer();
  await settle();
  thread.answer();
  expect((await Promise.all(waiting)).map((vectors) => [...vectors])).toEqual(waiting.map((_, i) => [i + 1]));
});

test('a caller that aborts leaves those whose message it shares alone', async () => {
  const thread = fakeThread();
  const pool = createPool(() => thread, 1);
  await settle();
  const first = pool.embed(['a'], never);
  const stop = new AbortController();
  const aborted = pool.embed(['bb'], stop.signal);
  const other = pool.embed(['ccc'], never);
  thread.answer();
  await first;
  await settle();
  expect(thread.asked[1]).toEqual(['bb', 'ccc']);
  stop.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  thread.answer();
  expect([...(await other)]).toEqual([3]);
});

test('what computes is told when it has computed', async () => {
  const thread = fakeThread(Promise.resolve('cuda'));
  const pool = createPool(() => thread, 1);
  const result = pool.embed(['a'], never);
  await settle();
  expect(pool.provider()).toBeUndefined();
  thread.answer();
  await result;
  expect(pool.provider()).toBe('cuda');
});

test('a few texts start no second thread', async () => {
  const thread = fakeThread();
  let started = 0;
  const pool = createPool(() => (started++, thread), 2);
  const result = pool.embed(texts(3), never);
  await settle();
  thread.answer();
  await result;
  expect(started).toBe(1);
});

test('an abort rejects at once and drops what no thread has begun', async () => {
  const thread = fakeThread();
  const pool = createPool(() => thread, 1);
  const stop = new AbortController();
  const aborted = pool.embed(texts(3 * TEXTS_PER_MESSAGE), stop.signal);
  const other = pool.embed(['other'], never);
  await settle();
  stop.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  thread.answer();
  await settle();
  thread.answer();
  expect([...(await other)]).toEqual([5]);
  expect(thread.asked).toHaveLength(2);
});

test('a thread that could not load fails every call, waiting or later', async () => {
  const pool = createPool(() => fakeThread(Promise.reject(new Error('no such file'))), 1);
  await expect(pool.embed(['a'], never)).rejects.toThrow('no such file');
  await expect(pool.embed(['b'], never)).rejects.toThrow('no such file');
});

test('a thread that dies rejects what it ran and what waited', async () => {
  const thread = fakeThread();
  const pool = createPool(() => thread, 1);
  const running = pool.embed(['a'], never);
  const waiting = pool.embed(['b'], never);
  const both = Promise.allSettled([running, waiting]);
  await settle();
  thread.die(new Error('out of memory'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('close ends every thread and refuses further texts', async () => {
  const thread = fakeThread();
  const pool = createPool(() => thread, 1);
  await pool.close();
  expect(thread.closed).toBe(true);
  await expect(pool.embed(['a'], never)).rejects.toThrow('closed');
});
