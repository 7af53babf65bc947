import { expect, test } from 'vitest';
import { createLlmStage } from '../../src/stages/llm.ts';
import type { Verdict } from '../../src/types.ts';

test('it reads templates and hands them to the classifier with the signal', async () => {
  const verdict: Verdict = { label: 'storage', confidence: 0.85, method: 'llm' };
  const asked: unknown[] = [];
  const stage = createLlmStage({
    classify: async (templates, signal) => {
      asked.push(templates, signal);
      return templates.map((template) => (template === 'disk full' ? verdict : null));
    },
  });
  const { signal } = new AbortController();
  expect(stage).toMatchObject({ name: 'llm', reads: 'template' });
  expect(await stage.classify(['disk full', '<str>'], signal)).toEqual([verdict, null]);
  expect(asked).toEqual([['disk full', '<str>'], signal]);
});
