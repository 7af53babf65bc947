import type { Provider } from './device.ts';
import type { Embedder } from './embedder.ts';
import type { EncoderConfig } from './encoder-config.ts';
import { pool } from './pooling.ts';
import type { Tokenize } from './tokenizer.ts';

/** A model that has been opened, whatever runs it. */
export interface TokenModel {
  readonly provider: Provider;
  /**
   * Blocks its thread until the model has run.
   *
   * @returns Last hidden state, shape [ids.length, dim]; shape [1, dim] where the export pools by itself.
   */
  run(ids: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * text -> token ids -> token vectors -> one unit vector.
 *
 * Every text is a run of its own. Dynamic int8 quantisation takes one range for the whole batch, so that batched texts
 * change each other's vectors (mean cosine 0.99 to the text alone, and labels with them). Alone, a text has one vector
 * whatever is classified beside it, and nothing is spent on padding.
 */
export function createEncoder({ dim, pooling }: EncoderConfig, tokenize: Tokenize, model: TokenModel): Embedder {
  return {
    provider: model.provider,
    dim,
    async embed(texts) {
      const vectors = new Float32Array(texts.length * dim);
      for (const [row, text] of texts.entries()) {
        const ids = tokenize(text);
        if (ids.length === 0) continue; // nothing of the text is known, and there are no special tokens: a zero vector
        pool(pooling, await model.run(ids), vectors.subarray(row * dim, (row + 1) * dim));
      }
      return vectors;
    },
    close: () => model.close(),
  };
}
