import { expect, test } from 'vitest';
import { runPipeline } from '../src/pipeline.ts';
import { createRunStats } from '../src/stats/run-stats.ts';
import type { LabelledBatch, RecordBatch, Stage } from '../src/types.ts';
import { batches } from './helpers/batches.ts';
import { fakeStage } from './helpers/fake-stage.ts';

const never = new AbortController().signal;

async function run(
  input: AsyncIterable<RecordBatch>,
  stages: readonly Stage[],
  options: { window?: number; signal?: AbortSignal } = {},
) {
  const stats = createRunStats(() => 0);
  const labelled: LabelledBatch[] = [];
  for await (const batch of runPipeline(input, stages, { signal: never, ...options, stats })) labelled.push(batch);
  return {
    labelled,
    stats,
    rows: labelled.flatMap(({ texts, verdicts }) => texts.map((text, row) => [text, verdicts[row]?.label])),
  };
}

test('a later stage sees only what earlier stages left open', async () => {
  const rules = fakeStage('regex', { 'login failed': 'auth_failure' });
  const model = fakeStage('model', { 'disk full': 'storage' });
  const { labelled } = await run(batches(['login failed', 'disk full', 'odd']), [rules, model]);
  expect(model.asked).toEqual(['disk full', 'odd']);
  expect(labelled[0]?.verdicts.map(({ method }) => method)).toEqual(['regex', 'embedding_classifier', 'fallback']);
});

test('a stage that reads templates is handed templates, also of rows that an earlier one passed on', async () => {
  const model = fakeStage('model', {}, 'template');
  const llm = fakeStage('llm', {}, 'template');
  await run(batches(['took 31 ms', 'took 7 ms']), [model, llm]);
  expect(new Set(model.asked).size).toBe(1);
  expect(llm.asked).toEqual(model.asked);
});

test('blank rows are asked of nobody and come out unclassified', async () => {
  const rules = fakeStage('regex', {});
  const { rows } = await run(batches(['', ' \t', 'word']), [rules]);
  expect(rules.asked).toEqual(['word']);
  expect(rows.map(([, label]) => label)).toEqual(['Unclassified', 'Unclassified', 'Unclassified']);
});

test('batches come out in input order, however long each takes', async () => {
  const release: Array<() => void> = [];
  const slow: Stage = {
    name: 'model',
    reads: 'text',
    classify: (texts) =>
      new Promise((resolve) =>
        release.push(() => resolve(texts.map((label) => ({ label, confidence: 1, method: 'regex' })))),
      ),
  };
  const result = run(batches(['a'], ['b'], ['c']), [slow]);
  while (release.length < 3) await new Promise(setImmediate);
  for (const finish of release.toReversed()) finish();
  expect((await result).rows).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ]);
});

test('no more than the window is read ahead of a slow consumer', async () => {
  let read = 0;
  async function* counted() {
    for await (const batch of batches(...Array.from({ length: 100 }, () => ['line']))) {
      read += 1;
      yield batch;
    }
  }
  const output = runPipeline(counted(), [fakeStage('regex', {})], {
    window: 4,
    signal: never,
    stats: createRunStats(() => 0),
  });
  await output.next();
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(read).toBeLessThanOrEqual(5);
  await output.return(undefined);
});

test('a batch is handed on while the input is silent', async () => {
  async function* silentAfterFirst() {
    yield* batches(['now']);
    await new Promise(() => {});
  }
  const output = runPipeline(silentAfterFirst(), [fakeStage('regex', { now: 'routine' })], {
    signal: never,
    stats: createRunStats(() => 0),
  });
  const first = await output.next();
  expect(first.value?.verdicts[0]?.label).toBe('routine');
});

test('an abort ends a run whose input is silent, and tells the stages', async () => {
  const stop = new AbortController();
  let seen: AbortSignal | undefined;
  const hanging: Stage = {
    name: 'llm',
    reads: 'text',
    classify: (_texts, signal) =>
      new Promise((_resolve, reject) => {
        seen = signal;
        signal.addEventListener('abort', () => reject(signal.reason));
        queueMicrotask(() => stop.abort());
      }),
  };
  const { labelled } = await run(batches(['x']), [hanging], { signal: stop.signal });
  expect(labelled).toEqual([]);
  expect(seen?.aborted).toBe(true);
});

test("a stage's error ends the run with that error", async () => {
  const broken: Stage = { name: 'model', reads: 'text', classify: () => Promise.reject(new Error('worker died')) };
  await expect(run(batches(['x']), [broken])).rejects.toThrow('worker died');
});

test('a consumer that stops early stops the input', async () => {
  let closed = false;
  async function* closable() {
    try {
      for (;;) yield* batches(['line']);
    } finally {
      closed = true;
    }
  }
  for await (const _ of runPipeline(closable(), [], { signal: never, stats: createRunStats(() => 0) })) break;
  await new Promise(setImmediate);
  expect(closed).toBe(true);
});

test('a run that is stopped has counted the rows it handed on and no others', async () => {
  const stats = createRunStats(() => 0);
  const output = runPipeline(batches(['a'], ['b'], ['c']), [fakeStage('regex', { a: 'x' })], { signal: never, stats });
  await output.next();
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  await output.return(undefined);
  expect(stats.rows()).toBe(1);
  expect(stats.stages()[0]).toMatchObject({ asked: 1, decided: 1 });
});

test('rows by stage and blank rows add up to the rows read', async () => {
  const { stats } = await run(batches(['a', ''], ['b', 'c']), [
    fakeStage('regex', { a: 'x' }),
    fakeStage('fallback', { b: 'y' }),
  ]);
  const decided = stats.stages().reduce((sum, stage) => sum + stage.decided, 0);
  expect(stats.stages().map(({ name, asked }) => [name, asked])).toEqual([
    ['regex', 3],
    ['fallback', 2],
  ]);
  expect(stats.rows()).toBe(4);
  expect(decided).toBe(2);
});
