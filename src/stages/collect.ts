import type { Stage } from '../types.ts';

export interface CollectStage extends Stage {
  /** Distinct templates that would have been asked about, in the order they came. */
  templates(): readonly string[];
}

/** Stands where the LLM stands, takes note of what it would be asked, and passes everything on. */
export function createCollectStage(): CollectStage {
  const seen = new Set<string>();
  return {
    name: 'llm',
    reads: 'template',
    async classify(templates) {
      for (const template of templates) seen.add(template);
      return templates.map(() => null);
    },
    templates: () => [...seen],
  };
}
