import { expect, test } from 'vitest';
import type { Rule } from '../../src/rules/rule.ts';
import { createRulesStage } from '../../src/stages/rules.ts';

const rules: readonly Rule[] = [
  { id: 'denied', label: 'auth_failure', pattern: 'access denied', flags: 'i', match: ['x'], reject: ['y'] },
  { id: 'anything', label: 'routine', pattern: 'ok|\\s', flags: '', match: ['x'], reject: ['y'] },
];
const { signal } = new AbortController();

test('the first rule that matches names the label and itself; the rest is left open', async () => {
  const verdicts = await createRulesStage(rules).classify(['Access DENIED, ok', 'ok', 'odd'], signal);
  expect(verdicts).toEqual([
    { label: 'auth_failure', confidence: 1, method: 'regex', rule: 'denied' },
    { label: 'routine', confidence: 1, method: 'regex', rule: 'anything' },
    null,
  ]);
});

test('a blank text is left open whatever the rules match', async () => {
  expect(await createRulesStage(rules).classify(['', '   ', '\t\n'], signal)).toEqual([null, null, null]);
});

test('lines of one rule share one verdict', async () => {
  const [first, second] = await createRulesStage(rules).classify(['ok 1', 'ok 2'], signal);
  expect(first).toBe(second);
});

test('it reads the raw text', () => {
  expect(createRulesStage(rules)).toMatchObject({ name: 'regex', reads: 'text' });
});
