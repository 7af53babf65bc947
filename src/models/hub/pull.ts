import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILES } from '../../embedders/files.ts';
import { LogiqError } from '../../errors.ts';
import { errorCode, writeError } from '../../output/write-error.ts';
import { hubModelDir, isHubId } from './cache.ts';
import { downloadFile } from './download.ts';
import { hashFile, isTheHubs } from './hash-file.ts';
import { listHubModel, type HubFile, type HubModel } from './listing.ts';
import type { HubRequest } from './request.ts';

/** What an encoder is made of, beside the model itself; those that an export lacks are left out. */
const FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'sentence_bert_config.json',
  'modules.json',
  '1_Pooling/config.json',
] as const;

const NEEDED: ReadonlySet<string> = new Set(['config.json', 'tokenizer.json']);

/** Hashes of the files as they were pulled, beside the hub's own folders. */
const PINS = 'logiq-sha256.json';

export interface Pulled {
  readonly id: string;
  readonly commit: string;
  readonly dir: string;
  readonly sha256: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/** Told which file is underway and how far all of them are, in bytes. */
export type OnPull = (file: string, done: number, total: number | undefined) => void;

/**
 * Fetches an encoder into the hub's cache of this user. Files that are there and right are not fetched again.
 *
 * @throws {LogiqError} E_HUB when it is not to be had or is no ONNX export, E_OUTPUT_WRITE when the cache cannot be written.
 */
export async function pullModel(id: string, options: HubRequest, onPull: OnPull = () => {}): Promise<Pulled> {
  if (!isHubId(id)) throw new LogiqError('E_USAGE', `"${id}" is no id of the hub.`, 'An id is owner/name.');
  const model = await listHubModel(id, options);
  const wanted = chooseFiles(model);
  const home = hubModelDir(id, options.env);
  try {
    return await pullFiles(model, wanted, home, options, onPull);
  } catch (cause) {
    if (options.signal.aborted || cause instanceof LogiqError || errorCode(cause) === '') throw cause;
    const hint = 'Make room, or set HF_HOME to a folder that you may write to.';
    throw new LogiqError('E_OUTPUT_WRITE', writeError(home, cause).message, hint, { cause });
  }
}

async function pullFiles(
  model: HubModel,
  wanted: readonly HubFile[],
  home: string,
  options: HubRequest,
  onPull: OnPull,
): Promise<Pulled> {
  const { id, commit } = model;
  const dir = join(home, 'snapshots', commit);
  const known = (await readPins(home)).get(commit) ?? {};
  const total = wanted.every(({ size }) => size !== undefined)
    ? wanted.reduce((sum, { size }) => sum + size!, 0)
    : undefined;
  const sha256: Record<string, string> = {};
  let done = 0;
  for (const file of wanted) {
    const path = join(dir, file.path);
    const before = done;
    const there = await hashFile(path);
    const isThere = there !== undefined && (isTheHubs(file, there) ?? there.sha256 === known[file.path]);
    if (!isThere) onPull(file.path, done, total);
    const { sha256: hash, bytes } = isThere
      ? there
      : await downloadFile(model, file, path, options, (got) => onPull(file.path, before + got, total));
    sha256[file.path] = hash;
    done += bytes;
  }
  await writePins(home, commit, sha256);
  await mkdir(join(home, 'refs'), { recursive: true });
  await writeFile(join(home, 'refs', 'main'), commit);
  return { id, commit, dir, sha256, bytes: done };
}

/**
 * Compares the files of a pulled encoder with what was pulled.
 *
 * @param dir A snapshot's folder.
 * @returns How many files were compared, and which of them differ or are missing; undefined when nothing is known of the
 * snapshot.
 */
export async function comparePulled(
  home: string,
  dir: string,
  commit: string,
): Promise<{ readonly files: number; readonly damaged: readonly string[] } | undefined> {
  const pins = (await readPins(home)).get(commit);
  if (pins === undefined) return undefined;
  const damaged: string[] = [];
  for (const [file, sha256] of Object.entries(pins)) {
    if ((await hashFile(join(dir, file)))?.sha256 !== sha256) damaged.push(file);
  }
  return { files: Object.keys(pins).length, damaged };
}

function chooseFiles({ id, files }: HubModel): readonly HubFile[] {
  const named = new Map(files.map((file) => [file.path, file]));
  const onnx = MODEL_FILES.map((path) => named.get(path)).find((file) => file !== undefined);
  const missing = [...NEEDED].find((path) => !named.has(path));
  if (onnx === undefined || missing !== undefined) {
    throw new LogiqError(
      'E_HUB',
      `${id} has no ${missing ?? 'ONNX export'}.`,
      `Choose a model with config.json, tokenizer.json and one of ${MODEL_FILES.join(', ')}.`,
    );
  }
  return [...FILES.flatMap((path) => named.get(path) ?? []), onnx];
}

async function readPins(home: string): Promise<Map<string, Readonly<Record<string, string>>>> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(join(home, PINS), 'utf8')) as object));
  } catch {
    return new Map();
  }
}

async function writePins(home: string, commit: string, sha256: Readonly<Record<string, string>>): Promise<void> {
  const pins = await readPins(home);
  pins.set(commit, sha256);
  await writeFile(join(home, PINS), `${JSON.stringify(Object.fromEntries(pins), null, 2)}\n`);
}
