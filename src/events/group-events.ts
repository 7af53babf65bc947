import type { RecordBatch } from '../types.ts';
import { Joiner } from './joiner.ts';
import { nextWithin } from './next-within.ts';

export interface GroupOptions {
  /**
   * Milliseconds after which rows are handed on though more of their event may follow: for inputs that are written to
   * while they are read. Absent: an event waits for the row that ends it, so that its text does not depend on time.
   */
  readonly flushMs?: number | undefined;
  /** Number of the first event, for an input that was read up to there before; 1 unless given. */
  readonly firstEvent?: number | undefined;
}

/** Long enough for one write of several lines to arrive, far from being noticed. */
export const FLUSH_MS = 100;

/**
 * Joins rows that are one event: stack traces, kernel dumps, compiler messages, indented continuations. Every row comes
 * out, in order. The first row of an event has the text of all of it, the others have none; `events` numbers them. An
 * event is in one batch, unless it was handed on before its end (`flushMs`): then its next part has the same number
 * and its first row the text from the beginning on.
 */
export async function* groupEvents(
  batches: AsyncIterable<RecordBatch>,
  { flushMs, firstEvent = 1 }: GroupOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const source = batches[Symbol.asyncIterator]();
  const joiner = new Joiner(firstEvent);
  let reading: Promise<IteratorResult<RecordBatch>> | undefined;
  try {
    for (;;) {
      reading ??= source.next();
      const next = await nextWithin(reading, joiner.isHolding ? flushMs : undefined);
      if (next === 'late') yield* joiner.flush();
      else {
        reading = undefined;
        if (next.done === true) break;
        yield* joiner.push(next.value);
      }
    }
    yield* joiner.flush();
  } finally {
    const closing = source.return?.();
    if (reading === undefined) await closing;
    else {
      // A silent input answers only after its next byte, and nobody is left to tell.
      reading.catch(() => {});
      closing?.catch(() => {});
    }
  }
}
