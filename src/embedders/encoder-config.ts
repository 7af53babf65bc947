import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LogiqError } from '../errors.ts';
import { EMBEDDER_FILES, readVerified, type Sha256ByFile } from './files.ts';
import { poolingOf, type Pooling } from './pooling.ts';

/** Tokens that are read where sentence_bert_config.json does not say; what most sentence encoders were made for. */
const DEFAULT_MAX_TOKENS = 256;

/** What an encoder's folder says of it beside its weights. */
export interface EncoderConfig {
  /** Length of a vector. */
  readonly dim: number;
  /** Special tokens among them. */
  readonly maxTokens: number;
  /** The mean where the export says nothing. */
  readonly pooling: Pooling;
}

/** @throws {LogiqError} E_MODEL_MISSING, E_MODEL_DAMAGED, or E_EMBEDDER for what is no encoder that can be used. */
export async function readEncoderConfig(dir: string, sha256: Sha256ByFile): Promise<EncoderConfig> {
  const config = await readJson(dir, EMBEDDER_FILES.config, sha256);
  const dim = config['hidden_size'] ?? config['dim']; // DistilBERT's name for it
  const positions = config['max_position_embeddings'];
  if (typeof dim !== 'number' || typeof positions !== 'number') {
    throw new LogiqError(
      'E_EMBEDDER',
      `${join(dir, EMBEDDER_FILES.config)} does not give hidden_size and max_position_embeddings.`,
      'Use the config.json of a sentence encoder.',
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
