import { groupEvents, type GroupOptions } from '../../src/events/group-events.ts';
import { stripPrefix } from '../../src/input/prefix.ts';
import type { RecordBatch } from '../../src/types.ts';

export interface Grouped {
  readonly raws: string[];
  readonly texts: string[];
  readonly events: number[];
}

/** Lines as a reader would give them, `size` a batch. */
export async function* batchesOf(lines: readonly string[], size = lines.length): AsyncGenerator<RecordBatch> {
  for (let from = 0; from < lines.length; from += size) {
    const raws = lines.slice(from, from + size);
    yield {
      firstRow: from + 1,
      raws,
      texts: raws.map(stripPrefix),
      start: { offset: from, row: from + 1, line: from + 1 },
    };
  }
}

export async function group(batches: AsyncIterable<RecordBatch>, options?: GroupOptions): Promise<Grouped> {
  const grouped: Grouped = { raws: [], texts: [], events: [] };
  for await (const batch of groupEvents(batches, options)) {
    if (batch.firstRow !== grouped.raws.length + 1) throw new Error(`batch begins at row ${batch.firstRow}`);
    grouped.raws.push(...batch.raws);
    grouped.texts.push(...batch.texts);
    grouped.events.push(...(batch.events ?? []));
  }
  return grouped;
}

/** Rows a event, in order. */
export function sizes({ events }: Grouped): number[] {
  const counts = new Map<number, number>();
  for (const event of events) counts.set(event, (counts.get(event) ?? 0) + 1);
  return [...counts.values()];
}
