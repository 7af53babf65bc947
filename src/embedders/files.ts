import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogiqError } from '../errors.ts';
import { sha256 } from './sha256.ts';

/** Files of an embedder's folder, relative to it; the layout is the Hugging Face hub's. */
export const EMBEDDER_FILES = {
  config: 'config.json',
  /** sentence-transformers' own settings; exports made by other tools lack it. */
  sentenceConfig: 'sentence_bert_config.json',
  /** sentence-transformers' way from token vectors to one. */
  pooling: '1_Pooling/config.json',
  tokenizer: 'tokenizer.json',
} as const;

/** Where exports have the model itself; the first one that is there is run. */
export const MODEL_FILES = [
  'onnx/model_quantized.onnx',
  'onnx/model_int8.onnx',
  'onnx/model.onnx',
  'model_quantized.onnx',
  'model.onnx',
] as const;

/** The model's file in an embedder's folder; the first of `MODEL_FILES` when there is none, whose reading then says so. */
export function modelFile(dir: string): string {
  return MODEL_FILES.find((file) => existsSync(join(dir, file))) ?? MODEL_FILES[0];
}

/** The files that make an embedder's vectors what they are, of those that are there. */
export function essentialFiles(dir: string): readonly string[] {
  return [...Object.values(EMBEDDER_FILES), modelFile(dir)].filter((file) => existsSync(join(dir, file)));
}

/** Demanded sha256 in lower-case hex by file name relative to the embedder's folder; other files are not checked. */
export type Sha256ByFile = Readonly<Record<string, string>>;

/**
 * Reads one file of an embedder's folder and checks that it is the file the head was trained with.
 *
 * @throws {LogiqError} E_MODEL_MISSING when there is no such file, E_MODEL_DAMAGED when its hash differs.
 */
export async function readVerified(dir: string, file: string, demanded: Sha256ByFile): Promise<Buffer> {
  const path = join(dir, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new LogiqError(
      'E_MODEL_MISSING',
      `The embedder's file ${path} cannot be read: ${String(cause)}`,
      'Reinstall logiq, or name a folder with an ONNX export in the layout of the Hugging Face hub.',
      { cause },
    );
  });
  if (demanded[file] !== undefined && (await sha256(bytes)) !== demanded[file]) {
    throw new LogiqError(
      'E_MODEL_DAMAGED',
      `The embedder's file ${path} is damaged or not the one that this model was trained with (sha256 differs).`,
      'Reinstall logiq, or train a model on this embedder.',
    );
  }
  return bytes;
}
