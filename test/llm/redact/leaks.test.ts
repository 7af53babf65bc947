import { expect, test } from 'vitest';
import { createWireText } from '../../../src/llm/wire-text.ts';
import { toTemplate } from '../../../src/template/normalise.ts';
import { leakCorpus, tells } from './leak-corpus.ts';

const corpus = leakCorpus(20260301, 1000);
const wire = createWireText('standard');

test('the corpus is broad: over 30 shapes of known secrets, 10 of generic ones, over 30 formats', () => {
  expect(new Set(corpus.map(({ kind, shape }) => `${kind} ${shape}`)).size).toBeGreaterThanOrEqual(45);
  expect(new Set(corpus.map(({ format }) => format)).size).toBeGreaterThanOrEqual(30);
  expect(corpus.every(({ line, secret, format }) => tells(line, secret) || ['basic', 'query'].includes(format))).toBe(
    true,
  );
});

test.each([
  ['known', 'the line itself', 0.99, (line: string) => line],
  ['known', 'its template', 0.99, toTemplate],
  ['generic', 'the line itself', 0.95, (line: string) => line],
  ['generic', 'its template', 0.95, toTemplate],
] as const)('%s secrets are taken out of %s: %d of them at least', (kind, _what, recall, view) => {
  const cases = corpus.filter((leak) => leak.kind === kind);
  const leaked = cases.filter(({ line, secret }) => tells(wire(view(line)), secret));
  expect(leaked.length / cases.length, leaked.map(({ line }) => line).join('\n')).toBeLessThanOrEqual(1 - recall);
});
