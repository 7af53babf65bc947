import pLimit from 'p-limit';
import type { Stage } from '../types.ts';

/** Texts that a stage is handed at a time: two messages to an embedder thread. */
export const TEXTS_A_TURN = 16;

/** Turns at once, over all batches that go through the stage. */
const TURNS = 2;

/**
 * A stage for bulk work: it takes its texts to the stage a few at a time, each distinct one once, so that a single message
 * that comes meanwhile waits for a few texts and not for thousands.
 */
export function inTurns(stage: Stage): Stage {
  const turn = pLimit(TURNS);
  return {
    ...stage,
    async classify(texts, signal) {
      const places = new Map<string, number>();
      for (const text of texts) if (!places.has(text)) places.set(text, places.size);
      const distinct = [...places.keys()];
      const turns: Array<ReturnType<Stage['classify']>> = [];
      for (let from = 0; from < distinct.length; from += TEXTS_A_TURN) {
        const few = distinct.slice(from, from + TEXTS_A_TURN);
        turns.push(
          turn(async () => {
            signal.throwIfAborted();
            return stage.classify(few, signal);
          }),
        );
      }
      const verdicts = (await Promise.all(turns)).flat();
      return texts.map((text) => verdicts[places.get(text) ?? -1] ?? null);
    },
  };
}
