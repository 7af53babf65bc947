import { join } from 'node:path';
import type { Embedder, EmbedderOptions } from './embedder.ts';
import { createEncoder } from './encoder.ts';
import { readEncoderConfig } from './encoder-config.ts';
import { EMBEDDER_FILES, modelFile, readVerified } from './files.ts';
import { createSession, loadRuntime, type Session } from './runtime.ts';
import { createTokenizer } from './tokenizer.ts';

/**
 * A BERT-family sentence encoder, run by ONNX Runtime, with the pooling that its export asks for.
 *
 * @throws {LogiqError} E_MODEL_MISSING, E_MODEL_DAMAGED or E_EMBEDDER.
 */
export async function loadBert(
  dir: string,
  { intraOpThreads, sha256, device = 'cpu' }: EmbedderOptions,
): Promise<Embedder> {
  // The hash of the model is taken on the thread pool while this thread loads the native library.
  const [config, tokenizerJson, model] = await Promise.all([
    readEncoderConfig(dir, sha256),
    readVerified(dir, EMBEDDER_FILES.tokenizer, sha256),
    readVerified(dir, modelFile(dir), sha256),
    loadRuntime(),
  ]);
  const tokenize = await createTokenizer(
    tokenizerJson.toString('utf8'),
    config.maxTokens,
    join(dir, EMBEDDER_FILES.tokenizer),
  );
  const session = await createSession(model, intraOpThreads, device);
  return createEncoder(config, tokenize, {
    provider: session.provider,
    run: (ids) => run(session, ids),
    close: () => session.close(),
  });
}

function run(session: Session, ids: readonly number[]): Promise<Float32Array> {
  const inputs: Record<string, BigInt64Array> = {};
  for (const name of session.inputNames) {
    const toInput = INPUTS[name];
    if (toInput) inputs[name] = toInput(ids); // of any other the runtime tells that it is missing
  }
  return session.run(inputs, 1, ids.length);
}

/** What exports ask for, each as they need it. Of a text alone all tokens count and are of the first segment. */
const INPUTS: Readonly<Record<string, (ids: readonly number[]) => BigInt64Array>> = {
  input_ids: (ids) => BigInt64Array.from(ids, BigInt),
  attention_mask: (ids) => new BigInt64Array(ids.length).fill(1n),
  token_type_ids: (ids) => new BigInt64Array(ids.length),
};
