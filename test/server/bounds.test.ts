import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createAdmission } from '../../src/server/admission.ts';
import { createStep } from '../../src/server/in-step.ts';
import { inTurns } from '../../src/server/in-turns.ts';
import { withPatience } from '../../src/server/patience.ts';
import { inRequestTurns } from '../../src/server/request-turns.ts';
import { spooled } from '../../src/server/spool.ts';
import type { RecordBatch, Stage } from '../../src/types.ts';

const patience = { bodyMs: 50, uploadGraceMs: 0, uploadBytesPerSecond: 1 };

async function* chunks(count: number, size = 100_000): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n++) yield new Uint8Array(size).fill(n);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of source) all.push(chunk);
  return Buffer.concat(all);
}

test('admission has room again when a place is left, once', () => {
  const admission = createAdmission(3, 2);
  const place = admission.enter(2, 'a');
  expect(place).toBeDefined();
  expect(admission.enter(1, 'a')).toBeUndefined();
  expect(admission.enter(2, 'b')).toBeUndefined();
  expect(admission.enter(1, 'b')).toBeDefined();
  place?.leave();
  place?.leave();
  expect([admission.inside(), admission.refused()]).toEqual([1, 2]);
});

test('what is larger than the bound gets in alone', () => {
  const admission = createAdmission(3);
  const large = admission.enter(10);
  expect(large).toBeDefined();
  expect(admission.enter(1)).toBeUndefined();
  large?.leave();
  expect(admission.enter(1)).toBeDefined();
});

test('a reader that takes everything late gets all of it, in order', async () => {
  const through = spooled(chunks(40), { isSending: () => true, stallMs: 1 });
  const first = await through.next();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const rest = await collect(through);
  expect(Buffer.concat([first.value as Uint8Array, rest]).equals(await collect(chunks(40)))).toBe(true);
});

test('a slow reader slows the source down once everything has been sent', async () => {
  let made = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks(40)) {
      made += 1;
      yield chunk;
    }
  }
  const through = spooled(counted(), { isSending: () => false, stallMs: 1 });
  await through.next();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(made).toBeLessThan(10);
  await through.return();
});

test('an error of the source comes after what was made before it', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('rows');
    throw new Error('broke');
  }
  const through = spooled(broken(), { isSending: () => true, stallMs: 1 });
  expect(String((await through.next()).value)).toBe('rows');
  await expect(through.next()).rejects.toThrow('broke');
});

test('too many bytes, a chunk that does not come and a drip are problems', async () => {
  await expect(collect(withPatience(chunks(2), { maxBytes: 150_000, limits: patience }))).rejects.toThrow('larger');
  async function* silent(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('x');
    await new Promise(() => {});
  }
  await expect(collect(withPatience(silent(), { maxBytes: 10, limits: patience }))).rejects.toThrow('slowly');
  async function* drip(): AsyncGenerator<Uint8Array> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      yield Buffer.from('x');
    }
  }
  const strict = { ...patience, uploadBytesPerSecond: 1e6 };
  await expect(collect(withPatience(drip(), { maxBytes: 1e6, limits: strict }))).rejects.toThrow('slowly');
});

test('bulk work asks for each distinct text once, a few at a time', async () => {
  const asked: string[][] = [];
  let running = 0;
  let most = 0;
  const stage: Stage = {
    name: 'model',
    reads: 'template',
    async classify(texts) {
      asked.push([...texts]);
      most = Math.max(most, (running += 1));
      await turn();
      running -= 1;
      return texts.map((text) =>
        text === 't3' ? null : { label: text, confidence: 1, method: 'embedding_classifier' },
      );
    },
  };
  const texts = Array.from({ length: 200 }, (_, n) => `t${n % 50}`);
  const verdicts = await inTurns(stage).classify(texts, new AbortController().signal);
  expect(verdicts.map((verdict) => verdict?.label ?? 't3')).toEqual(texts);
  expect(asked.flat().length).toBe(50);
  expect(Math.max(...asked.map((few) => few.length))).toBeLessThanOrEqual(16);
  expect(most).toBe(2);
});

test('work that is no longer wanted does not start', async () => {
  let asked = 0;
  const stage: Stage = {
    name: 'model',
    reads: 'template',
    async classify(texts) {
      asked += 1;
      return texts.map(() => null);
    },
  };
  await expect(inTurns(stage).classify(['a'], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(asked).toBe(0);
});

test('however many uploads there are, a turn of the event loop has one batch', async () => {
  const inStep = createStep(() => 0);
  let turns = 0;
  const count = (): void => {
    turns += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  const seen = await Promise.all(Array.from({ length: 20 }, () => firstRows(inStep(tenBatches()))));
  clearImmediate(counting);
  expect(seen).toEqual(Array.from({ length: 20 }, () => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  expect(turns).toBeGreaterThanOrEqual(200);
  expect(turns).toBeLessThan(300);
});

test('a batch waits while other work takes the turns, but not for ever', async () => {
  const timesAsked = async (msATurn: number): Promise<number> => {
    let asked = 0;
    const inStep = createStep(() => (asked += 1) * msATurn);
    await firstRows(inStep(tenBatches()));
    return asked / 10;
  };
  expect(await timesAsked(0.1)).toBe(2); // one turn, its beginning and its end
  expect(await timesAsked(1)).toBe(11);
  expect(await timesAsked(100)).toBe(2);
});

async function* tenBatches(): AsyncGenerator<RecordBatch> {
  for (let firstRow = 1; firstRow <= 10; firstRow++) yield { firstRow, raws: [], texts: [] };
}

async function firstRows(batches: AsyncIterable<RecordBatch>): Promise<number[]> {
  const rows: number[] = [];
  for await (const { firstRow } of batches) rows.push(firstRow);
  return rows;
}

test('requests that come together are taken up a few a turn, in order; an urgent one does not wait for them', async () => {
  const taken: string[] = [];
  const take = inRequestTurns(
    ({ url }) => taken.push(url!),
    ({ url }) => url === 'health',
  );
  const arrive = (url: string): void => take({ url } as IncomingMessage, {} as ServerResponse);
  const all = Array.from({ length: 100 }, (_, n) => String(n));
  for (const url of all) arrive(url);
  arrive('health');
  expect(taken).toEqual([...all.slice(0, 16), 'health']);
  await turn();
  expect(taken).toHaveLength(33);
  arrive('last');
  for (let turns = 0; turns < 8; turns++) await turn();
  expect(taken.filter((url) => url !== 'health')).toEqual([...all, 'last']);
  arrive('next');
  expect(taken.at(-1)).toBe('next');
});
