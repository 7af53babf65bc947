import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMBEDDER_FILES } from '../embedders/files.ts';
import { LogiqError } from '../errors.ts';
import { isHubId, pulledSnapshot } from './hub/cache.ts';

export const METADATA_FILE = 'metadata.json';

// Right from src/ and from dist/.
/** Folder of the bundled models, with a slash at its end. */
export const BUNDLED = fileURLToPath(new URL('../../models/', import.meta.url));

/**
 * @param nameOrDir A bundled model, else a folder, relative to `cwd`.
 * @returns Absolute path of the model's folder.
 * @throws {LogiqError} E_MODEL_MISSING when there is no model.
 */
export async function locateModel(nameOrDir: string, cwd: string): Promise<string> {
  const dir = locate(nameOrDir, cwd, METADATA_FILE);
  if (dir !== undefined) return dir;
  throw new LogiqError(
    'E_MODEL_MISSING',
    `There is no model "${nameOrDir}".`,
    `Choose one of ${(await listModels()).join(', ')}, or name a folder that logiq train wrote.`,
  );
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param nameOrDir A bundled embedder, else a folder, relative to `cwd`, else the hub id of one that was pulled.
 * @throws {LogiqError} E_MODEL_MISSING when there is no embedder.
 */
export async function locateEmbedder(nameOrDir: string, cwd: string, env: Environment = process.env): Promise<string> {
  const id = isHubId(nameOrDir) ? nameOrDir : `${USUAL_OWNER}/${nameOrDir}`;
  const dir = locate(nameOrDir, cwd, EMBEDDER_FILES.config) ?? pulledSnapshot(id, env);
  if (dir !== undefined) return dir;
  const folder = resolve(cwd, nameOrDir);
  if (existsSync(folder)) {
    throw new LogiqError(
      'E_MODEL_MISSING',
      `${folder} is no embedder: it has no config.json.`,
      'Name a folder with config.json, tokenizer.json and an ONNX export, as the Hugging Face hub lays them out.',
    );
  }
  const fetch = isHubId(id) ? `fetch it with: logiq models pull ${id}` : 'name a folder in the layout of the Hugging Face hub.';
  throw new LogiqError(
    'E_MODEL_MISSING',
    `There is no embedder "${nameOrDir}" on this machine.`,
    `Use a bundled one (${(await listEmbedders()).join(', ')}), or ${fetch}`,
  );
}

/** Who published the model on the hub where a name is given alone, as in sentence-transformers' own library. */
const USUAL_OWNER = 'sentence-transformers';

/** Names of the bundled embedders. */
export function listEmbedders(): Promise<readonly string[]> {
  return listBundled(EMBEDDER_FILES.config);
}

/** Names of the bundled models. */
export function listModels(): Promise<readonly string[]> {
  return listBundled(METADATA_FILE);
}

function locate(nameOrDir: string, cwd: string, marker: string): string | undefined {
  const isName = /^[\w.-]+$/.test(nameOrDir) && !nameOrDir.startsWith('.');
  const candidates = [...(isName ? [join(BUNDLED, nameOrDir)] : []), resolve(cwd, nameOrDir)];
  return candidates.find((dir) => existsSync(join(dir, marker)));
}

async function listBundled(marker: string): Promise<readonly string[]> {
  const names = await readdir(BUNDLED);
  return names.filter((name) => existsSync(join(BUNDLED, name, marker))).toSorted();
}
