import { setImmediate } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { RecordBatch } from '../types.ts';

/** A turn of the event loop that takes no longer had nothing else to do. */
const QUIET_MS = 0.25;

/** For so long at most a batch, of a few milliseconds, gives way to other work: it has its share under any load. */
const GIVE_WAY_MS = 10;

/**
 * Batches of uploads, one at a time and each when nothing else is to be done. The event loop accepts one connection a turn:
 * were every upload to label a batch in each, whoever asks for health behind a thousand others would wait for a thousand turns
 * as long as that.
 *
 * @returns What makes the batches of one upload wait for their turn among those of all.
 */
export function createStep(
  now: () => number = () => performance.now(),
): (batches: AsyncIterable<RecordBatch>) => AsyncGenerator<RecordBatch, void, undefined> {
  const oneByOne = pLimit(1);
  const quiet = async (): Promise<void> => {
    const since = now();
    let before = since;
    for (;;) {
      await setImmediate();
      const after = now();
      if (after - before <= QUIET_MS || after - since >= GIVE_WAY_MS) return;
      before = after;
    }
  };
  return async function* (batches) {
    for await (const batch of batches) {
      await oneByOne(quiet);
      yield batch;
    }
  };
}
