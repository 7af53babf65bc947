import { expect, test } from 'vitest';
import { createFallbackStage } from '../../src/stages/fallback.ts';

const { signal } = new AbortController();

test('without a model it answers that there is no label, and has no templates made', async () => {
  const stage = createFallbackStage();
  expect(stage.reads).toBe('text');
  expect(await stage.classify(['a', 'b'], signal)).toEqual([
    { label: 'Unclassified', confidence: 0, method: 'fallback' },
    { label: 'Unclassified', confidence: 0, method: 'fallback' },
  ]);
});

test('with a model it gives the best guess of each template', async () => {
  const guess = { label: 'storage', confidence: 0.3, method: 'fallback' } as const;
  const stage = createFallbackStage(async (templates) => templates.map(() => ({ verdict: null, guess }) as never));
  expect(stage.reads).toBe('template');
  expect(await stage.classify(['a'], signal)).toEqual([guess]);
});
