import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPattern } from '../../src/rules/compile.ts';
import { createMatcher } from '../../src/rules/matcher.ts';
import { MAX_RULE_CHARS, type Rule } from '../../src/rules/rule.ts';
import { anyPatterns, regularPatterns, texts } from './patterns.ts';

function rule(pattern: string, flags: Rule['flags'] = '', id = pattern): Rule {
  return { id, label: 'routine', pattern, flags, match: [], reject: [] };
}

test('it answers what trying each rule in order answers', () => {
  const rules = fc.array(fc.tuple(fc.oneof(regularPatterns, anyPatterns), fc.constantFrom('' as const, 'i' as const)), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(rules, fc.array(texts, { maxLength: 5 }), (sources, lines) => {
      const usable = sources.map(([pattern, flags]) => rule(pattern, flags)).filter(isUsable);
      const match = createMatcher(usable);
      const inTurn = (line: string) => usable.find(({ pattern, flags }) => new RegExp(pattern, flags).test(line));
      expect(lines.map(match)).toEqual(lines.map(inTurn));
    }),
    { numRuns: 500 },
  );
});

test('the first of several rules that match wins', () => {
  const match = createMatcher([rule('disk quota'), rule('\\d+ files'), rule('disk'), rule('.')]);
  expect(['disk quota of 3 files', '3 files on disk', 'the disk', 'x', ''].map((line) => match(line)?.id)).toEqual([
    'disk quota',
    '\\d+ files',
    'disk',
    '.',
    undefined,
  ]);
});

test('only the beginning of a long text is looked at', () => {
  const match = createMatcher([rule('needle')]);
  expect(match(`${'-'.repeat(MAX_RULE_CHARS - 6)}needle`)?.id).toBe('needle');
  expect(match(`${'-'.repeat(MAX_RULE_CHARS - 5)}needle`)).toBeUndefined();
});

test('no rules match nothing', () => {
  expect(createMatcher([])('anything')).toBeUndefined();
});

/** A few random patterns are too costly and cannot run in linear time either; `load.test.ts` covers their refusal. */
function isUsable(candidate: Rule): boolean {
  try {
    readPattern(candidate.pattern, candidate.flags).compile();
    return true;
  } catch {
    return false;
  }
}
