import { openCascade } from '../../dist/cascade.js';
import { createFallbackStage } from '../../dist/stages/fallback.js';

/**
 * A model as it would be used, offline and with its own settings whatever the user's are: whole, without its rules, the
 * n-grams of it alone, and its rules alone. Each is a system, `{name, short, stages, threshold}`.
 *
 * @param model A bundled model's name, or a folder.
 * @throws {LogiqError} as `openCascade`.
 */
export async function openShipped(model, io) {
  const open = (embedder) => openCascade({ model, embedder, device: 'cpu', offline: true }, io);
  const whole = await open(undefined);
  const hasNgramsAlone = whole.model.lexical !== undefined || whole.model.metadata.embedder === null;
  const ngrams = hasNgramsAlone ? await open('ngrams') : undefined;
  const isRules = ({ name }) => name === 'regex';
  const withoutRules = ({ stages }) => stages.filter((stage) => !isRules(stage));
  const { threshold } = whole;
  return {
    rules: {
      name: 'rules alone',
      short: 'rules',
      stages: [...whole.stages.filter(isRules), createFallbackStage()],
      threshold: null,
      givesConfidence: false,
    },
    systems: [
      ...(ngrams ? [{ name: 'n-grams alone', short: 'n-grams', stages: withoutRules(ngrams), threshold }] : []),
      { name: 'classifier alone', short: 'no rules', stages: withoutRules(whole), threshold },
      { name: 'as shipped', short: 'shipped', stages: whole.stages, threshold },
    ],
    close: async () => {
      await Promise.all([whole.close(), ngrams?.close()]);
    },
  };
}
