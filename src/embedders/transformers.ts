import { join } from 'node:path';
import type * as transformersPackage from '@huggingface/transformers';
import { LogiqError } from '../errors.ts';
import { DEVICES, openOnDevice, worthTrying, type Provider } from './device.ts';
import type { Embedder, EmbedderOptions } from './embedder.ts';
import { createEncoder } from './encoder.ts';
import { readEncoderConfig } from './encoder-config.ts';
import { EMBEDDER_FILES, modelFile, readVerified } from './files.ts';
import { POOLED } from './runtime.ts';
import { createTokenizer } from './tokenizer.ts';

type Transformers = typeof transformersPackage;
type Model = Awaited<ReturnType<Transformers['AutoModel']['from_pretrained']>>;

/**
 * An encoder of any other architecture, run by `@huggingface/transformers` where that is installed beside logiq. It reads
 * the folder and never the network. The tokenizer is the same code as there, but is not truncated within its special tokens.
 *
 * @param importPackage Exported for its test.
 * @throws {LogiqError} E_MODEL_MISSING, E_MODEL_DAMAGED, or E_EMBEDDER, also when the package is not installed.
 */
export async function loadWithTransformers(
  dir: string,
  { intraOpThreads, sha256, device = 'cpu' }: EmbedderOptions,
  importPackage: () => Promise<Transformers> = () => import('@huggingface/transformers'),
): Promise<Embedder> {
  const file = modelFile(dir);
  const [config, tokenizerJson] = await Promise.all([
    readEncoderConfig(dir, sha256),
    readVerified(dir, EMBEDDER_FILES.tokenizer, sha256),
    readVerified(dir, file, sha256), // the package reads it itself
  ]);
  const tokenize = await createTokenizer(
    tokenizerJson.toString('utf8'),
    config.maxTokens,
    join(dir, EMBEDDER_FILES.tokenizer),
  );
  const transformers = await importTransformers(dir, importPackage);
  const { AutoModel: Auto, LogLevel, env } = transformers;
  env.allowRemoteModels = false;
  env.useFSCache = false; // it would be written into node_modules
  env.logLevel = LogLevel.NONE; // what it has to say is thrown, too
  const open = (provider: Provider): Promise<Model> =>
    Auto.from_pretrained(dir, {
      ...locationOf(file),
      device: provider,
      local_files_only: true,
      session_options: { intraOpNumThreads: intraOpThreads, interOpNumThreads: 1, logSeverityLevel: 4 },
    }).catch((cause: unknown) => {
      throw new LogiqError(
        'E_EMBEDDER',
        `@huggingface/transformers refuses the embedder in ${dir}: ${cause instanceof Error ? cause.message : String(cause)}`,
        'Use an ONNX export of a sentence encoder that it knows.',
        { cause },
      );
    });
  // Its build of ONNX Runtime does not tell what it has, so that each device is simply tried.
  const { session: model, provider } = await openOnDevice(device, 'cpu', worthTrying(device, DEVICES), open);
  return createEncoder(config, tokenize, {
    provider,
    run: (ids) => run(model, ids, transformers),
    close: async () => void (await model.dispose()),
  });
}

async function importTransformers(dir: string, importPackage: () => Promise<Transformers>): Promise<Transformers> {
  try {
    return await importPackage();
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1);
    const isAbsent = (cause as NodeJS.ErrnoException | null)?.code === 'ERR_MODULE_NOT_FOUND';
    throw new LogiqError(
      'E_EMBEDDER',
      `The embedder in ${dir} is no BERT and takes @huggingface/transformers, which ${isAbsent ? 'is not installed beside logiq' : `does not load here: ${reason}`}.`,
      'npm install @huggingface/transformers@4 --ignore-scripts (with -g where logiq is), or choose a BERT-family encoder.',
      { cause },
    );
  }
}

/** The package takes a model's file by kind and folder, not by name. */
function locationOf(file: string): { dtype: 'q8' | 'int8' | 'fp32'; subfolder: string } {
  const dtype = file.endsWith('_quantized.onnx') ? 'q8' : file.endsWith('_int8.onnx') ? 'int8' : 'fp32';
  return { dtype, subfolder: file.startsWith('onnx/') ? 'onnx' : '' };
}

async function run(model: Model, ids: readonly number[], { Tensor: Of }: Transformers): Promise<Float32Array> {
  const shape = [1, ids.length];
  const outputs = (await model({
    input_ids: new Of('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: new Of('int64', new BigInt64Array(ids.length).fill(1n), shape),
  })) as Readonly<Record<string, transformersPackage.Tensor | undefined>>;
  const hidden = outputs[POOLED] ?? outputs['last_hidden_state'] ?? outputs['token_embeddings'];
  if (hidden !== undefined) return hidden.data as Float32Array;
  throw new LogiqError(
    'E_EMBEDDER',
    `The embedder's model gives ${Object.keys(outputs).join(', ')}, and no token vectors.`,
    'Use an ONNX export of a sentence encoder.',
  );
}
