import type { RecordBatch } from '../../src/types.ts';

/** Batches of raw lines, as a reader would make them: one array of messages a batch. */
export async function* batches(...groups: ReadonlyArray<readonly string[]>): AsyncGenerator<RecordBatch> {
  let firstRow = 1;
  for (const texts of groups) {
    yield { firstRow, raws: texts, texts };
    firstRow += texts.length;
  }
}
