import { UNCLASSIFIED, type Stage, type Verdict } from '../types.ts';
import type { ScoreTemplates } from './model.ts';

const NOTHING: Verdict = { label: UNCLASSIFIED, confidence: 0, method: 'fallback' };

/**
 * The last stage: it never passes. It gives the head's best guess with its true, low confidence.
 *
 * @param score The model stage's own function, so that the memo answers; absent when no model is in use.
 */
export function createFallbackStage(score?: ScoreTemplates): Stage {
  return {
    name: 'fallback',
    reads: score === undefined ? 'text' : 'template', // making templates is nearly a third of a run by rules alone
    async classify(templates, signal) {
      if (score === undefined) return templates.map(() => NOTHING);
      const scores = await score(templates, signal);
      return scores.map(({ guess }) => guess);
    },
  };
}
