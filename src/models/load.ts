import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readVerified } from '../embedders/files.ts';
import { sha256 } from '../embedders/sha256.ts';
import { LogiqError } from '../errors.ts';
import { NORMALISER_VERSION } from '../template/normalise.ts';
import { decodeHead, HEAD_FILE } from './head-file.ts';
import { locateEmbedder, locateModel, METADATA_FILE } from './locate.ts';
import { openMetadata, type ModelMetadata } from './metadata.ts';
import type { ScoringModel } from './score.ts';

/** A model folder, read and verified. */
export interface Model extends ScoringModel {
  /** Absolute path. */
  readonly dir: string;
  /** Absolute path of the embedder that the head was trained on. */
  readonly embedderDir: string;
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
export async function loadModel(nameOrDir: string, cwd: string = process.cwd()): Promise<Model> {
  const dir = await locateModel(nameOrDir, cwd);
  const path = join(dir, METADATA_FILE);
  const metadata = await openMetadata(await readFile(path, 'utf8'), path);
  checkNormaliser(metadata);
  const files = await readFiles(dir, metadata.files);
  const columns = metadata.features.reduce((sum, block) => sum + block.columns, 0);
  return {
    dir,
    embedderDir: await locateEmbedder(metadata.embedder.name, dir),
    metadata,
    labels: metadata.labels.map(({ label }) => label),
    head: decodeHead(files.get(HEAD_FILE) ?? new Uint8Array(), metadata.labels.length, columns),
    temperature: metadata.temperature,
  };
}

/**
 * Loads a model and checks the embedder's files, too.
 *
 * @throws {LogiqError} as `loadModel`.
 */
export async function verifyModel(nameOrDir: string, cwd: string = process.cwd()): Promise<Model> {
  const model = await loadModel(nameOrDir, cwd);
  const { sha256: demanded } = model.metadata.embedder;
  for (const file of Object.keys(demanded)) await readVerified(model.embedderDir, file, demanded);
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
  for (const [file, hash] of Object.entries(demanded)) {
    const path = join(dir, file);
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw damaged(path, 'is missing or cannot be read', cause);
    });
    if ((await sha256(bytes)) !== hash) throw damaged(path, 'is damaged (sha256 differs)');
    files.set(file, bytes);
  }
  return files;
}

function damaged(path: string, what: string, cause?: unknown): LogiqError {
  return new LogiqError('E_MODEL_DAMAGED', `The model's file ${path} ${what}.`, 'Reinstall or train the model again.', {
    cause,
  });
}
