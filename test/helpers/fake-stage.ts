import type { Stage, StageName, Verdict } from '../../src/types.ts';

const methods = { regex: 'regex', model: 'embedding_classifier', llm: 'llm', fallback: 'fallback' } as const;

/** A stage that is sure of the texts in `answers` and of nothing else; `asked` lists what it was handed, in order. */
export function fakeStage(
  name: StageName,
  answers: Readonly<Record<string, string>>,
  reads: Stage['reads'] = 'text',
): Stage & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name,
    reads,
    asked,
    async classify(texts) {
      asked.push(...texts);
      return texts.map((text): Verdict | null => {
        const label = answers[text];
        return label === undefined ? null : { label, confidence: 0.9, method: methods[name] };
      });
    },
  };
}
