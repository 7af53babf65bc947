import type { Stage } from '../types.ts';

/** Asks a language model. Put it behind `createMemo`: each template is worth one question. */
export function createLlmStage(llm: Pick<Stage, 'classify'>): Stage {
  return { name: 'llm', reads: 'template', classify: (templates, signal) => llm.classify(templates, signal) };
}
