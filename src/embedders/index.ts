import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogiqError } from '../errors.ts';
import { loadBert } from './bert.ts';
import type { Embedder, EmbedderOptions, LoadEmbedder } from './embedder.ts';
import { EMBEDDER_FILES } from './files.ts';
import { loadWithTransformers } from './transformers.ts';

/** By `model_type` of config.json. To add a kind: one file in this folder and one line here. */
export const embedders = { bert: loadBert } satisfies Record<string, LoadEmbedder>;
export type EmbedderKind = keyof typeof embedders;

/**
 * Loads the embedder in `dir` in this thread; a kind that is not in `embedders` is left to `@huggingface/transformers`.
 * Commands use `startEmbedder` (remote.ts), which loads it in another thread.
 *
 * @throws {LogiqError} E_MODEL_MISSING when there is no embedder in `dir`, E_EMBEDDER when config.json names no kind, and
 * what the kind's own loader throws.
 */
export async function loadEmbedder(dir: string, options: EmbedderOptions): Promise<Embedder> {
  const kind = await readKind(dir);
  if (kind === undefined) {
    throw new LogiqError(
      'E_EMBEDDER',
      `${join(dir, EMBEDDER_FILES.config)} has no model_type, so that this is no embedder.`,
      'Name a folder in the layout of the Hugging Face hub.',
    );
  }
  return isOurs(kind) ? embedders[kind](dir, options) : loadWithTransformers(dir, options);
}

/** Whether the embedder in `dir` is one that `@huggingface/transformers` runs. @throws {LogiqError} as `loadEmbedder`. */
export async function takesTransformers(dir: string): Promise<boolean> {
  const kind = await readKind(dir);
  return kind !== undefined && !isOurs(kind);
}

function isOurs(kind: string): kind is EmbedderKind {
  return Object.hasOwn(embedders, kind);
}

async function readKind(dir: string): Promise<string | undefined> {
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
    const { model_type: kind } = JSON.parse(text) as { model_type?: unknown };
    return typeof kind === 'string' ? kind : undefined;
  } catch (cause) {
    throw new LogiqError('E_MODEL_DAMAGED', `${path} is not JSON: ${String(cause)}`, undefined, { cause });
  }
}
