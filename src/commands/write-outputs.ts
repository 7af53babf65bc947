import { LogiqError } from '../errors.ts';
import type { InputFile, Inputs } from '../input/expand.ts';
import { formatLike, type OutputFormat } from '../output/index.ts';
import { OutDir } from '../output/out-dir.ts';
import { refuseSameFile } from '../output/same-file.ts';
import { writeAll } from '../output/sink.ts';
import type { FileTarget, Target } from '../output/target.ts';
import { configurationFacts } from '../resume/configuration.ts';
import { inputFacts } from '../resume/facts.ts';
import { openResumable } from '../resume/resumable.ts';
import type { Layout } from '../types.ts';
import { inputIdentity, openLabelled, type LabelledInput, type LabelRun } from './label-input.ts';

/** Called with each input once it is open. */
export type OnOpen = (input: LabelledInput) => void;

/** All inputs into one output. @returns Whether its reader went away before the end. */
export async function writeOne(
  { files, isMany }: Inputs,
  target: Target,
  run: LabelRun,
  onOpen: OnOpen,
): Promise<boolean> {
  await refuseSameFile(
    files.map((file) => inputIdentity(file, run.io)),
    target,
  );
  const csvSafe = run.settings.csvSafe ?? target.kind === 'file';
  const { closed } = await writeAll(chunks(), target, run.io.signal);
  return closed;

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    let first: LabelledInput | undefined;
    for (const file of files) {
      if (run.io.signal.aborted) return;
      const input = await openLabelled(file, run);
      onOpen(input);
      if (first) refuseOtherColumns(first, input, run.settings.format);
      const write = input.createWriter({ csvSafe, head: first === undefined, ...(isMany && { file: file.path }) });
      first ??= input;
      yield* write(input.batches);
    }
  }
}

/** Each input into an output of its own. */
export async function writeEach({ files }: Inputs, folder: string, run: LabelRun, onOpen: OnOpen): Promise<void> {
  refuseSameNames(files);
  const outDir = new OutDir(folder, run.io.cwd);
  for (const file of files) {
    if (run.io.signal.aborted) return;
    const input = await openLabelled(file, run);
    onOpen(input);
    const format = run.settings.format ?? formatLike(input.layout);
    const target: Target = { kind: 'file', path: await outDir.pathFor(file.path, file.name, format) };
    await refuseSameFile(
      files.map((other) => inputIdentity(other, run.io)),
      target,
    );
    const write = input.createWriter({ csvSafe: run.settings.csvSafe ?? true });
    await writeAll(write(input.batches), target, run.io.signal);
  }
}

/** Before anything is done that would be in vain. */
function refuseSameNames(files: readonly InputFile[]): void {
  const paths = new Map<string, string>();
  for (const { path, name } of files) {
    const other = paths.get(name);
    if (other !== undefined) {
      throw new LogiqError(
        'E_USAGE',
        `"${other}" and "${path}" have the same name, and so would their outputs.`,
        'Name the folder that both are in: then they keep their places in it.',
      );
    }
    paths.set(name, path);
  }
}

/** Reads and labels everything for its statistics. */
export async function writeNothing({ files }: Inputs, run: LabelRun, onOpen: OnOpen): Promise<void> {
  for (const file of files) {
    const input = await openLabelled(file, run);
    onOpen(input);
    for await (const _ of input.batches);
  }
}

/** One input into a file, from where an earlier run was stopped. @returns Rows that were there. */
export async function writeResumable(
  file: InputFile,
  target: FileTarget,
  run: LabelRun,
  onOpen: OnOpen,
): Promise<number> {
  const identity = inputIdentity(file, run.io);
  if (typeof identity === 'number' || file.bytes === undefined) {
    throw new LogiqError(
      'E_USAGE',
      '--resume reads a file: a stream cannot be read again.',
      'Write it to a file first.',
    );
  }
  await refuseSameFile([identity], target);
  const csvSafe = run.settings.csvSafe ?? true;
  const resumable = await openResumable({
    output: target.path,
    input: await inputFacts(identity),
    configuration: await configurationFacts(run.settings, await run.opening, csvSafe, run.io.cwd),
  });
  const input = await openLabelled(file, run, resumable);
  onOpen(input);
  await resumable.write(input.createWriter({ csvSafe, head: !resumable.hasHead }), input.batches, run.io.signal);
  return resumable.rows;
}

/** Rows under one header have to have the same columns; JSON objects and bare lines may differ. */
function refuseOtherColumns(first: LabelledInput, input: LabelledInput, format: OutputFormat | undefined): void {
  const asText = format === 'jsonl' || format === 'raw';
  if (asText || shapeOf(first.layout) === shapeOf(input.layout)) return;
  throw new LogiqError(
    'E_USAGE',
    `"${first.file}" and "${input.file}" cannot share an output: they are ${first.format} and ${input.format}, or their columns differ.`,
    'Write each to its own with --out-dir, or all as objects with --format jsonl.',
  );
}

function shapeOf(layout: Layout): string {
  return layout.kind === 'table' ? JSON.stringify([layout.columns, layout.delimiter]) : layout.kind;
}
