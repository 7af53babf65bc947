import { setMaxListeners } from 'node:events';
import { rowsOfEvents, spreadOverEvents } from './events/spread.ts';
import type { RunStats, StageCall } from './stats/run-stats.ts';
import { toTemplate } from './template/normalise.ts';
import { UNCLASSIFIED, type LabelledBatch, type RecordBatch, type Stage, type Verdict } from './types.ts';

/** Batches held between reader and writer at most. With the reader's bounded batches this is the memory bound. */
export const WINDOW = 256;

/** Why stages are told to stop. Made once: `abort` by itself makes an error with its stack each time, for every request. */
const OVER = new Error('The pipeline has ended.');

export interface PipelineOptions {
  /** Batches in flight at most; default `WINDOW`. */
  readonly window?: number;
  readonly signal: AbortSignal;
  readonly stats: RunStats;
}

/**
 * Runs batches through the cascade: each row is decided by the first stage that is sure of it.
 *
 * Batches are classified concurrently, up to `window` of them, and come out in input order with every row they came
 * with. It pulls: nothing is read before there is room for it. A batch that is ready is handed on at once, also while
 * the input is silent. When `signal` aborts, no further batch is read or handed on and the generator ends quietly;
 * the error of a stage ends it with that error.
 */
export async function* runPipeline(
  batches: AsyncIterable<RecordBatch>,
  stages: readonly Stage[],
  { window = WINDOW, signal, stats }: PipelineOptions,
): AsyncGenerator<LabelledBatch> {
  const source = batches[Symbol.asyncIterator]();
  const stop = new AbortController();
  const stageSignal = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(0, stageSignal); // every batch in flight may listen, and there are `window` of them at most
  const inFlight: Array<Promise<Classified>> = [];
  let reading: Promise<IteratorResult<RecordBatch>> | undefined;
  let ended = false;

  try {
    while (!signal.aborted) {
      if (!ended && reading === undefined && inFlight.length < window) reading = source.next();
      const oldest = inFlight[0];
      if (oldest === undefined && reading === undefined) return;

      const event = await firstOf(oldest, reading, signal);
      if (event === 'aborted') return;
      if (event.kind === 'labelled') {
        void inFlight.shift();
        const { batch, calls } = event.classified;
        for (const call of calls) stats.countStage(call);
        stats.countVerdicts(batch.verdicts);
        yield batch;
      } else {
        reading = undefined;
        if (event.read.done === true) ended = true;
        else inFlight.push(guarded(classifyBatch(event.read.value, stages, stageSignal, () => stats.now())));
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort(OVER);
    reading?.catch(() => {}); // a read that fails after the end has nobody left to tell
    if (!ended) void source.return?.()?.catch(() => {}); // not awaited: a silent input may never answer
    await Promise.allSettled(inFlight);
  }
}

type Event =
  | { readonly kind: 'labelled'; readonly classified: Classified }
  | { readonly kind: 'read'; readonly read: IteratorResult<RecordBatch> };

/** The oldest batch wins over a read, so that finished rows never wait for new ones. */
function firstOf(
  oldest: Promise<Classified> | undefined,
  reading: Promise<IteratorResult<RecordBatch>> | undefined,
  signal: AbortSignal,
): Promise<Event | 'aborted'> {
  let onAbort: () => void;
  const first = new Promise<Event | 'aborted'>((resolve, reject) => {
    onAbort = () => resolve('aborted');
    signal.addEventListener('abort', onAbort);
    oldest?.then((classified) => resolve({ kind: 'labelled', classified }), reject);
    reading?.then((read) => resolve({ kind: 'read', read }), reject);
  });
  return first.finally(() => signal.removeEventListener('abort', onAbort));
}

/** Keeps a rejection from counting as unhandled while the batch waits for its turn. */
function guarded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** A batch and what its classification took, which counts once the batch is handed on. */
interface Classified {
  readonly batch: LabelledBatch;
  readonly calls: readonly StageCall[];
}

const nothing: Verdict = { label: UNCLASSIFIED, confidence: 0, method: 'fallback' };

async function classifyBatch(
  batch: RecordBatch,
  stages: readonly Stage[],
  signal: AbortSignal,
  now: () => number,
): Promise<Classified> {
  const calls: StageCall[] = [];
  const verdicts = batch.texts.map(() => nothing);
  const sizeOf = batch.events ? rowsOfEvents(batch.events) : (rows: readonly number[]) => rows.length;
  let open = rowsWithText(batch.texts);
  let templates: string[] | undefined;

  for (const stage of stages) {
    if (open.length === 0) break;
    const startedAt = now();
    const texts = stage.reads === 'text' ? batch.texts : (templates ??= templatesOf(batch.texts, open));
    const asked = open.length === texts.length ? texts : open.map((row) => texts[row] ?? '');
    const answers = await stage.classify(asked, signal);
    const undecided: number[] = [];
    for (let index = 0; index < open.length; index++) {
      const row = open[index] ?? 0;
      const verdict = answers[index];
      if (verdict) verdicts[row] = verdict;
      else undecided.push(row);
    }
    const count = sizeOf(open);
    calls.push({ name: stage.name, asked: count, decided: count - sizeOf(undecided), ms: now() - startedAt });
    open = undecided;
  }
  if (batch.events) spreadOverEvents(verdicts, batch.events);
  return { batch: { ...batch, verdicts }, calls };
}

function rowsWithText(texts: readonly string[]): number[] {
  const rows: number[] = [];
  for (let row = 0; row < texts.length; row++) if (/\S/.test(texts[row] ?? '')) rows.push(row);
  return rows;
}

/** Templates of the given rows, at the rows' own indices; '' elsewhere. */
function templatesOf(texts: readonly string[], rows: readonly number[]): string[] {
  const templates = texts.map(() => '');
  for (const row of rows) templates[row] = toTemplate(texts[row] ?? '');
  return templates;
}
