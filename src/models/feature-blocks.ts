import { denseFeatures, sideBySide, type Features } from '../head/features.ts';
import { sparseFeatures } from '../head/sparse.ts';
import { countEach, fitVocabulary, toTfidf, type Vocabulary } from '../head/tfidf.ts';
import { LogiqError } from '../errors.ts';

/** What a head may see of a template, in the order of its columns. */
export const FEATURE_KINDS = ['embedding', 'ngrams'] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

/** Texts to vectors of L2 norm 1, shape [texts, dim]. */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<Float32Array>;

/** Texts below which an n-gram that occurs once is kept: with so few, most words do. */
const FEW_TEXTS = 1000;

/** The features of a training set, block by block. */
export interface FeatureBlocks {
  /** Absent when the embedding is switched off. */
  readonly dense: Features | undefined;
  readonly sparse: Features | undefined;
  readonly vocabulary: Vocabulary | undefined;
  /** Both, side by side. */
  readonly all: Features;
}

/**
 * Embeds each distinct text once and counts its n-grams. The vocabulary is that of all texts, also of those that a
 * cross-validation holds out: it knows nothing of labels.
 *
 * @param embed Absent: n-grams alone.
 */
export async function buildFeatures(
  texts: readonly string[],
  kinds: readonly FeatureKind[],
  embed: Embed | undefined,
  signal: AbortSignal,
): Promise<FeatureBlocks> {
  const dense = kinds.includes('embedding') && embed ? await embedEach(texts, embed, signal) : undefined;
  const counts = kinds.includes('ngrams') ? countEach(texts) : undefined;
  const vocabulary = counts && fitVocabulary(counts, texts.length < FEW_TEXTS ? 1 : 2);
  const sparse = counts && vocabulary && sparseFeatures(toTfidf(counts, vocabulary));
  const blocks = [dense, sparse].filter((block) => block !== undefined);
  if (blocks.length === 0) throw new LogiqError('E_USAGE', 'A classifier needs the embedding, n-grams or both.');
  return { dense, sparse, vocabulary, all: blocks.length === 1 ? blocks[0]! : sideBySide(blocks) };
}

async function embedEach(texts: readonly string[], embed: Embed, signal: AbortSignal): Promise<Features> {
  const rowOf = new Map<string, number>();
  for (const text of texts) if (!rowOf.has(text)) rowOf.set(text, rowOf.size);
  const vectors = await embed([...rowOf.keys()], signal);
  return denseFeatures(vectors, vectors.length / rowOf.size).select(texts.map((text) => rowOf.get(text)!));
}
