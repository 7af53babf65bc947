import type { RemoteEmbedder } from '../embedders/remote.ts';
import { scoreVectors, type Score, type ScoringModel } from '../models/score.ts';
import { toWords } from '../template/words.ts';
import { UNCLASSIFIED, type Stage } from '../types.ts';

/** Best guess of each template, in order. It costs inference: put it behind the memo (`template/memo.ts`). */
export type ScoreTemplates = (templates: readonly string[], signal: AbortSignal) => Promise<readonly Score[]>;

/**
 * Joins an embedder and a head; templates reach the embedder as words. A template without any word, such as that of an
 * empty line, says nothing, of which the head would still be confident: it is `Unclassified` and costs no inference.
 */
export function createScorer(embedder: Pick<RemoteEmbedder, 'embed'>, model: ScoringModel): ScoreTemplates {
  return async (templates, signal) => {
    const words = templates.map(toWords);
    const telling = words.filter(saysSomething);
    const vectors = await embedder.embed(telling, signal);
    const scores = scoreVectors(vectors, telling.length, model).values();
    return words.map((text) => (saysSomething(text) ? scores.next().value! : NOTHING));
  };
}

const NOTHING: Score = { label: UNCLASSIFIED, confidence: 0 };

function saysSomething(words: string): boolean {
  return /[\p{L}\p{N}]/u.test(words);
}

/** @param threshold Least confidence, in [0, 1], that counts as sure. `Unclassified` never does. */
export function createModelStage(score: ScoreTemplates, threshold: number): Stage {
  return {
    name: 'model',
    reads: 'template',
    async classify(templates, signal) {
      const scores = await score(templates, signal);
      return scores.map(({ label, confidence }) =>
        confidence >= threshold && label !== UNCLASSIFIED
          ? { label, confidence, method: 'embedding_classifier' }
          : null,
      );
    },
  };
}
