import { denseFeatures } from '../head/features.ts';
import { argmax, predictProba, type Head } from '../head/predict.ts';

/** A head's best guess. */
export interface Score {
  readonly label: string;
  /** Calibrated probability in [0, 1]. */
  readonly confidence: number;
}

/** What scoring needs of a model. */
export interface ScoringModel {
  readonly labels: readonly string[];
  readonly head: Head;
  readonly temperature: number;
}

/**
 * Best guess of each embedded text.
 *
 * @param vectors Shape [texts, dim].
 * @throws {LogiqError} E_MODEL_SHAPE when the head was trained on vectors of another length.
 */
export function scoreVectors(vectors: Float32Array, texts: number, model: ScoringModel): Score[] {
  if (texts === 0) return [];
  const { labels, head, temperature } = model;
  const probabilities = predictProba(denseFeatures(vectors, vectors.length / texts), head, temperature);
  return Array.from({ length: texts }, (_, row) => {
    const top = argmax(probabilities, row * head.classes, head.classes);
    return { label: labels[top]!, confidence: probabilities[row * head.classes + top]! };
  });
}
