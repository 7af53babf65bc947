import { resolve } from 'node:path';
import type { Cascade } from '../cascade.ts';
import { FLUSH_MS, groupEvents } from '../events/group-events.ts';
import type { InputFile } from '../input/expand.ts';
import { followFile } from '../input/follow.ts';
import { openInput, type RecordStream } from '../input/index.ts';
import { metered } from '../input/metered.ts';
import { openSource } from '../input/source.ts';
import { createWriter } from '../output/index.ts';
import type { Writer, WriterOptions } from '../output/writer.ts';
import { runPipeline } from '../pipeline.ts';
import { skipRows } from '../resume/skip-rows.ts';
import type { Settings } from '../settings/registry.ts';
import type { RunStats } from '../stats/run-stats.ts';
import type { Io, LabelledBatch, ReadPoint } from '../types.ts';

/** What the inputs of a run have in common. */
export interface LabelRun {
  readonly settings: Settings;
  readonly io: Io;
  readonly stats: RunStats;
  /** Opened while the first input is. */
  readonly opening: Promise<Cascade>;
  /** Inputs are read on as they grow. */
  readonly follow: boolean;
  /** Told of bytes as they are read. */
  readonly countBytes: (bytes: number) => void;
}

/** One input of a run: what it is, and its rows with their labels as they are pulled. */
export interface LabelledInput extends Pick<RecordStream, 'format' | 'reason' | 'layout' | 'damage'> {
  readonly file: string;
  readonly batches: AsyncIterable<LabelledBatch>;
  createWriter(options: Pick<WriterOptions, 'csvSafe' | 'head' | 'file'>): Writer;
}

/**
 * read -> events -> cascade.
 *
 * @param done What an earlier run has written of it.
 */
export async function openLabelled(
  file: InputFile,
  { settings, io, stats, opening, follow, countBytes }: LabelRun,
  done?: { readonly from: ReadPoint | undefined; readonly rows: number },
): Promise<LabelledInput> {
  const source = follow ? followFile(file.path, io) : openSource(file.path, io);
  const reading = openInput(metered(source, countBytes), {
    format: settings.inputFormat,
    column: settings.column,
    field: settings.field,
    encoding: settings.encoding,
    from: done?.from,
    signal: io.signal,
  });
  const [cascade, input] = await Promise.all([opening, reading]);

  // The rows of a table are records already.
  const isGrouped = settings.multiline !== 'off' && input.layout.kind !== 'table';
  const isLive = follow || file.bytes === undefined;
  const events = isGrouped
    ? groupEvents(input.batches, { flushMs: isLive ? FLUSH_MS : undefined, firstEvent: done?.from?.event })
    : input.batches;
  const fresh = done ? skipRows(events, done.rows) : events;
  return {
    ...input,
    file: file.path,
    batches: runPipeline(fresh, cascade.stages, { signal: io.signal, stats }),
    createWriter: (options) =>
      createWriter(settings.format, input.layout, {
        ...options,
        explain: settings.explain,
        events: isGrouped && (settings.explain || settings.multiline === 'auto'),
      }),
  };
}

/** What `refuseSameFile` knows an input by. */
export function inputIdentity({ path }: InputFile, io: Pick<Io, 'cwd' | 'stdin'>): string | number {
  return path === '-' ? (io.stdin.fd ?? -1) : resolve(io.cwd, path);
}
