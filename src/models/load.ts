import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readVerified } from '../embedders/files.ts';
import { sha256 } from '../embedders/sha256.ts';
import { LogiqError } from '../errors.ts';
import { NORMALISER_VERSION } from '../template/normalise.ts';
import { decodeHead, HEAD_FILE } from './head-file.ts';
import type { FeatureKind } from './feature-blocks.ts';
import { locateEmbedder, locateModel, METADATA_FILE, type Environment } from './locate.ts';
import { openMetadata, type ModelMetadata } from './metadata.ts';
import { decodeLexical, decodeNgrams, LEXICAL_FILE, NGRAMS_FILE } from './ngram-files.ts';
import { pendingName } from './pending-files.ts';
import type { ScoringModel } from './score.ts';

/** A model folder, read and verified. */
export interface Model extends ScoringModel {
  /** Absolute path. */
  readonly dir: string;
  /** Absolute path of the embedder that the head was trained on; undefined for n-grams alone. */
  readonly embedderDir: string | undefined;
  readonly metadata: ModelMetadata;
}

/**
 * Reads a model and verifies every file of its folder. The embedder's files, which are large, are verified where they are
 * read: hand `metadata.embedder.sha256` to `startEmbedder`.
 *
 * @param nameOrDir A bundled model, else a folder, relative to `cwd`.
 * @throws {LogiqError} E_MODEL_MISSING when there is no such model or its embedder is not there, E_MODEL_DAMAGED when a
 * file is not as it was written, E_MODEL_SHAPE when the model does not fit this version of logiq.
 */
export async function loadModel(
  nameOrDir: string,
  cwd: string = process.cwd(),
  env: Environment = process.env,
): Promise<Model> {
  const dir = await locateModel(nameOrDir, cwd);
  const path = join(dir, METADATA_FILE);
  const metadata = await openMetadata(await readFile(path, 'utf8'), path);
  checkNormaliser(metadata);
  const files = await readFiles(dir, metadata.files);
  const classes = metadata.labels.length;
  const columnsOf = (wanted: FeatureKind): number =>
    metadata.features.reduce((sum, { kind, columns }) => sum + (kind === wanted ? columns : 0), 0);
  const bytesOf = (file: string): Uint8Array => files.get(file) ?? new Uint8Array();
  const columns = columnsOf('ngrams');
  const ngrams = columns > 0 ? decodeNgrams(bytesOf(NGRAMS_FILE), classes, columns) : undefined;
  return {
    dir,
    embedderDir: metadata.embedder ? await locateEmbedder(metadata.embedder.name, dir, env) : undefined,
    metadata,
    labels: metadata.labels.map(({ label }) => label),
    head: decodeHead(bytesOf(HEAD_FILE), classes, columnsOf('embedding')),
    ngrams,
    lexical: metadata.lexical && ngrams && decodeLexical(bytesOf(LEXICAL_FILE), classes, ngrams, metadata.lexical),
    temperature: metadata.temperature,
    leastKnown: metadata.leastKnown,
  };
}

/**
 * Loads a model and checks the embedder's files, too.
 *
 * @throws {LogiqError} as `loadModel`.
 */
export async function verifyModel(
  nameOrDir: string,
  cwd: string = process.cwd(),
  env: Environment = process.env,
): Promise<Model> {
  const model = await loadModel(nameOrDir, cwd, env);
  const demanded = model.metadata.embedder?.sha256 ?? {};
  if (model.embedderDir !== undefined) {
    for (const file of Object.keys(demanded)) await readVerified(model.embedderDir, file, demanded);
  }
  return model;
}

function checkNormaliser({ name, normaliser }: ModelMetadata): void {
  if (normaliser === NORMALISER_VERSION) return;
  throw new LogiqError(
    'E_MODEL_SHAPE',
    `The model "${name}" was trained on templates of version ${normaliser}; this logiq makes version ${NORMALISER_VERSION}.`,
    'Train the model again with this version.',
  );
}

async function readFiles(dir: string, demanded: ModelMetadata['files']): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const [file, hash] of Object.entries(demanded)) files.set(file, await readWhole(dir, file, hash));
  return files;
}

/** Where a save was cut off, or goes on right now, the demanded file may still wait for its place. */
async function readWhole(dir: string, file: string, hash: string): Promise<Buffer> {
  const path = join(dir, file);
  let problem: unknown;
  for (const candidate of [path, join(dir, pendingName(file, hash)), path]) {
    problem = undefined;
    try {
      const bytes = await readFile(candidate);
      if ((await sha256(bytes)) === hash) return bytes;
    } catch (cause) {
      problem = cause;
    }
  }
  throw damaged(path, problem === undefined ? 'is damaged (sha256 differs)' : 'is missing or cannot be read', problem);
}

function damaged(path: string, what: string, cause?: unknown): LogiqError {
  return new LogiqError('E_MODEL_DAMAGED', `The model's file ${path} ${what}.`, 'Reinstall or train the model again.', {
    cause,
  });
}
