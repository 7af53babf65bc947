import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogiqError } from '../errors.ts';
import { loadBert } from './bert.ts';
import type { Embedder, EmbedderOptions, LoadEmbedder } from './embedder.ts';
import { EMBEDDER_FILES } from './files.ts';

/** By `model_type` of config.json. To add a kind: one file in this folder and one line here. */
export const embedders = { bert: loadBert } satisfies Record<string, LoadEmbedder>;
export type EmbedderKind = keyof typeof embedders;

/**
 * Loads the embedder in `dir` in this thread. Commands use `startEmbedder` (remote.ts), which loads it in another one.
 *
 * @throws {LogiqError} E_MODEL_MISSING when there is no embedder in `dir`, E_EMBEDDER when its kind is unknown, and what
 * the kind's own loader throws.
 */
export async function loadEmbedder(dir: string, options: EmbedderOptions): Promise<Embedder> {
  const kind = await readKind(dir);
  if (!isKnown(kind)) {
    throw new LogiqError(
      'E_EMBEDDER',
      `The embedder in ${dir} is of the kind "${String(kind)}".`,
      `Choose one of the kinds ${Object.keys(embedders).join(', ')}.`,
    );
  }
  return embedders[kind](dir, options);
}

function isKnown(kind: unknown): kind is EmbedderKind {
  return typeof kind === 'string' && Object.hasOwn(embedders, kind);
}

async function readKind(dir: string): Promise<unknown> {
  const path = join(dir, EMBEDDER_FILES.config);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LogiqError(
      'E_MODEL_MISSING',
      `There is no embedder in ${dir}: ${String(cause)}`,
      'Name a folder with config.json, tokenizer.json and onnx/model_quantized.onnx.',
      { cause },
    );
  });
  try {
    return (JSON.parse(text) as { model_type?: unknown }).model_type;
  } catch (cause) {
    throw new LogiqError('E_MODEL_DAMAGED', `${path} is not JSON: ${String(cause)}`, undefined, { cause });
  }
}
