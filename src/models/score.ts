import { denseFeatures } from '../head/features.ts';
import { argmax, predictScores, toProbabilities, type Head } from '../head/predict.ts';
import type { Method, Verdict } from '../types.ts';
import { addNgramScores, type LexicalHead, type NgramWeights } from './ngram-weights.ts';

/** A head's best guess as a verdict: `sure` where it counts as decided, `guess` where nothing better is to be had. */
export interface Score {
  readonly sure: Verdict;
  readonly guess: Verdict;
}

/** What scoring needs of a model. */
export interface ScoringModel {
  readonly labels: readonly string[];
  /** Over the embedding; no columns where n-grams are all that the model sees. */
  readonly head: Head;
  readonly temperature: number;
  /** Beside the embedding. */
  readonly ngrams?: NgramWeights | undefined;
  /** N-grams alone. */
  readonly lexical?: LexicalHead | undefined;
  /** Share of a text's character n-grams that training must have seen for the text to be no foreign one; 0 by default. */
  readonly leastKnown?: number | undefined;
}

/**
 * Best guess of each text from all that the model sees.
 *
 * @param vectors Shape [texts, dim]; empty for a model without an embedding.
 * @param sums Of the same texts' n-grams by the model's weights, `sumNgrams`; for a model that sees them.
 * @throws {LogiqError} E_MODEL_SHAPE when the head was trained on vectors of another length.
 */
export function scoreTexts(
  vectors: Float32Array,
  sums: Float64Array | undefined,
  texts: number,
  model: ScoringModel,
): Score[] {
  if (texts === 0) return [];
  const { head, temperature } = model;
  const scores =
    head.columns === 0
      ? repeated(head.intercept, texts)
      : predictScores(denseFeatures(vectors, vectors.length / texts), head);
  if (model.ngrams && sums) addNgramScores(sums, model.ngrams, scores);
  const method = head.columns === 0 ? 'lexical_classifier' : 'embedding_classifier';
  return toScores(toProbabilities(scores, temperature, head.classes), model.labels, method);
}

/**
 * Best guess of each text from its n-grams alone.
 *
 * @param sums Of the texts' n-grams by the head's weights: `sumNgrams`.
 */
export function scoreNgrams(sums: Float64Array, lexical: LexicalHead, labels: readonly string[]): Score[] {
  const scores = repeated(lexical.intercept, sums.length / labels.length);
  addNgramScores(sums, lexical, scores);
  return toScores(toProbabilities(scores, lexical.temperature, labels.length), labels, 'lexical_classifier');
}

/** Rows of one template share the verdicts of its score: no row makes garbage, and a writer may remember them. */
export function createScore(label: string, confidence: number, method: Method): Score {
  return { sure: { label, confidence, method }, guess: { label, confidence, method: 'fallback' } };
}

/** A head must say something of any text; of one that is no log line in a known script it is not to be believed. */
export function doubtForeign({ guess: { label, confidence }, sure: { method } }: Score, known: number): Score {
  return createScore(label, confidence * known ** 4, method);
}

function toScores(probabilities: Float64Array, labels: readonly string[], method: Method): Score[] {
  const classes = labels.length;
  return Array.from({ length: probabilities.length / classes }, (_, row) => {
    const top = argmax(probabilities, row * classes, classes);
    return createScore(labels[top]!, probabilities[row * classes + top]!, method);
  });
}

function repeated(intercept: ArrayLike<number>, rows: number): Float64Array {
  const scores = new Float64Array(rows * intercept.length);
  for (let row = 0; row < rows; row++) scores.set(intercept, row * intercept.length);
  return scores;
}
