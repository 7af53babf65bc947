import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { requiredLiterals } from '../../src/rules/literals.ts';
import { parsePattern } from '../../src/rules/syntax.ts';
import { anyPatterns, regularPatterns, texts } from './patterns.ts';

const literals = (pattern: string) => requiredLiterals(parsePattern(pattern));

test('a text that matches holds one of the literals, case ignored', () => {
  fc.assert(
    fc.property(fc.oneof(regularPatterns, anyPatterns), fc.constantFrom('', 'i'), texts, (pattern, flags, text) => {
      fc.pre(new RegExp(pattern, flags).test(text));
      const required = literals(pattern);
      const folded = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
      expect(required?.some((literal) => folded.includes(literal)) ?? true).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['Failed password for \\S+ from', ['failed password ']],
  ['\\bKernel panic\\b', ['kernel panic']],
  ['(?:GET|POST) /', ['get /', 'post /']],
  ['colou?r', ['color', 'colour']],
  ['[Ww]arning: x', ['warning: x']],
  ['={6,} done', ['======']],
  ['\\d+ errors? in \\d+ files?', [' error in ', ' errors in ']],
  ['(?=secret)key', ['key']],
])('%s needs one of %j', (pattern, expected) => {
  expect(literals(pattern)).toEqual(expected);
});

test.each(['\\d+', 'a', '(?:ab)?', 'abc|\\d', '(?:ab|c)*', 'é', '(?!abc).'])(
  '%s needs no literal worth a scan',
  (pattern) => {
    expect(literals(pattern)).toBeUndefined();
  },
);
