import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LogiqError } from '../errors.ts';
import type { Embedder, EmbedderOptions } from './embedder.ts';
import { EMBEDDER_FILES, modelFile, readVerified, type Sha256ByFile } from './files.ts';
import { pool, poolingOf, type Pooling } from './pooling.ts';
import { createSession, loadRuntime, type Session } from './runtime.ts';
import { createTokenizer } from './tokenizer.ts';

/** Tokens that are read where sentence_bert_config.json does not say; what all-MiniLM-L6-v2 was made for. */
const DEFAULT_MAX_TOKENS = 256;

/**
 * A BERT-family sentence encoder, run by ONNX Runtime, with the pooling that its export asks for; the mean where it says nothing.
 *
 * Every text is a run of its own. Dynamic int8 quantisation takes one range for the whole batch, so that batched texts
 * change each other's vectors (mean cosine 0.99 to the text alone, and labels with them). Alone, a text has one vector
 * whatever is classified beside it, and nothing is spent on padding.
 *
 * @throws {LogiqError} E_MODEL_MISSING, E_MODEL_DAMAGED or E_EMBEDDER.
 */
export async function loadBert(
  dir: string,
  { intraOpThreads, sha256, device = 'cpu' }: EmbedderOptions,
): Promise<Embedder> {
  // The hash of 23 MB is taken on the thread pool while this thread loads the native library.
  const [config, tokenizerJson, model] = await Promise.all([
    readConfig(dir, sha256),
    readVerified(dir, EMBEDDER_FILES.tokenizer, sha256),
    readVerified(dir, modelFile(dir), sha256),
    loadRuntime(),
  ]);
  const tokenize = await createTokenizer(tokenizerJson.toString('utf8'), config.maxTokens);
  const session = await createSession(model, intraOpThreads, device);
  return {
    provider: session.provider,
    dim: config.dim,
    async embed(texts) {
      const vectors = new Float32Array(texts.length * config.dim);
      for (const [row, text] of texts.entries()) {
        const hidden = await runOne(session, tokenize(text));
        pool(config.pooling, hidden, vectors.subarray(row * config.dim, (row + 1) * config.dim));
      }
      return vectors;
    },
    close: () => session.close(),
  };
}

/** @returns Last hidden state, shape [ids.length, dim]. */
function runOne(session: Session, ids: readonly number[]): Promise<Float32Array> {
  const inputs: Record<string, BigInt64Array> = {
    input_ids: BigInt64Array.from(ids, BigInt),
    attention_mask: new BigInt64Array(ids.length).fill(1n),
  };
  if (session.inputNames.includes('token_type_ids')) inputs['token_type_ids'] = new BigInt64Array(ids.length);
  return session.run(inputs, 1, ids.length);
}

interface BertConfig {
  readonly dim: number;
  readonly maxTokens: number;
  readonly pooling: Pooling;
}

async function readConfig(dir: string, sha256: Sha256ByFile): Promise<BertConfig> {
  const config = await readJson(dir, EMBEDDER_FILES.config, sha256);
  const dim = config['hidden_size'];
  const positions = config['max_position_embeddings'];
  if (typeof dim !== 'number' || typeof positions !== 'number') {
    throw new LogiqError(
      'E_EMBEDDER',
      `${join(dir, EMBEDDER_FILES.config)} does not give hidden_size and max_position_embeddings.`,
      'Use the config.json of a BERT-family encoder.',
    );
  }
  const hasOwn = existsSync(join(dir, EMBEDDER_FILES.sentenceConfig));
  const own = hasOwn ? (await readJson(dir, EMBEDDER_FILES.sentenceConfig, sha256))['max_seq_length'] : undefined;
  return {
    dim,
    maxTokens: Math.min(typeof own === 'number' ? own : DEFAULT_MAX_TOKENS, positions),
    pooling: await readPooling(dir, sha256),
  };
}

async function readPooling(dir: string, sha256: Sha256ByFile): Promise<Pooling> {
  const path = join(dir, EMBEDDER_FILES.pooling);
  if (!existsSync(path)) return 'mean';
  const pooling = poolingOf(await readJson(dir, EMBEDDER_FILES.pooling, sha256));
  if (pooling !== undefined) return pooling;
  throw new LogiqError('E_EMBEDDER', `${path} asks for a pooling other than mean, CLS or max.`, 'Use another encoder.');
}

async function readJson(dir: string, file: string, sha256: Sha256ByFile): Promise<Record<string, unknown>> {
  const bytes = await readVerified(dir, file, sha256);
  try {
    return JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  } catch (cause) {
    throw new LogiqError('E_MODEL_DAMAGED', `${join(dir, file)} is not JSON: ${String(cause)}`, undefined, { cause });
  }
}
