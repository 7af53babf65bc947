import { setImmediate } from 'node:timers/promises';
import type { RecordBatch } from '../types.ts';

/**
 * Batches of an upload, one a turn of the event loop. Otherwise small uploads that come at once would all be labelled within one
 * turn, and whoever asks for health meanwhile would wait for every one of them.
 */
export async function* inStep(batches: AsyncIterable<RecordBatch>): AsyncGenerator<RecordBatch, void, undefined> {
  for await (const batch of batches) {
    await setImmediate();
    yield batch;
  }
}
