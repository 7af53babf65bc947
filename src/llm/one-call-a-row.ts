import type { LabelMeaning } from '../types.ts';
import { costUsd, estimateInputTokens } from './cost.ts';
import { buildPrompt } from './prompt.ts';
import type { Price } from './provider.ts';

/** A log message of usual length. */
const TYPICAL_MESSAGE = 'x'.repeat(120);
/** What a reasoning model at low effort writes for one message: a thought and a label. */
const TYPICAL_OUTPUT_TOKENS = 120;

/** What asking a model once for every row would mean: the price that templates save. */
export interface OneCallARow {
  readonly calls: number;
  /** US dollars, estimated; null when the model's price is not known. */
  readonly costUsd: number | null;
}

export function oneCallARow(rows: number, labels: readonly LabelMeaning[], price: Price | null): OneCallARow {
  if (price === null) return { calls: rows, costUsd: null };
  const inputTokens = estimateInputTokens(buildPrompt([TYPICAL_MESSAGE], labels));
  const oneCall = costUsd({ inputTokens, cachedInputTokens: 0, outputTokens: TYPICAL_OUTPUT_TOKENS }, price);
  return { calls: rows, costUsd: rows * oneCall };
}
