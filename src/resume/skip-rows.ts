import type { RecordBatch } from '../types.ts';

/** The batches without the rows up to number `until`, which always ends an event. */
export async function* skipRows(
  batches: AsyncIterable<RecordBatch>,
  until: number,
): AsyncGenerator<RecordBatch, void, undefined> {
  for await (const batch of batches) {
    const known = Math.max(0, until + 1 - batch.firstRow);
    if (known === 0) yield batch;
    else if (known < batch.raws.length) yield withoutFirst(batch, known);
  }
}

function withoutFirst(batch: RecordBatch, count: number): RecordBatch {
  const { firstRow, raws, texts, damaged, events, start } = batch;
  const left = [...(damaged ?? [])].filter(([row]) => row >= count);
  return {
    firstRow: firstRow + count,
    raws: raws.slice(count),
    texts: texts.slice(count),
    ...(left.length > 0 && { damaged: new Map(left.map(([row, kind]) => [row - count, kind])) }),
    ...(events && { events: events.slice(count) }),
    ...(start && { start }),
  };
}
