import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLinearMatcher } from '../../src/rules/linear.ts';
import { compileProgram } from '../../src/rules/program.ts';
import { parsePattern } from '../../src/rules/syntax.ts';

test.each([
  ['a{', 'a{'],
  ['a{,3}', 'a{,3}'],
  ['x]}', 'x]}'],
  ['[]a]', 'a]'],
  ['[^]', '\n'],
  ['[\\]]', ']'],
  ['\\c', '\\c'],
  ['\\cA', '\u0001'],
  ['\\x4', 'x4'],
  ['\\x41', 'A'],
  ['\\u00e9', 'é'],
  ['\\u{2}', 'uu'],
  ['\\k<a>', 'k<a>'],
  ['\\-\\/\\"', '-/"'],
  ['\\t\\n', '\t\n'],
  ['(?<year>\\d{4})', '2025'],
])('%s is read as the engine reads it', (pattern, text) => {
  const { program, start } = compileProgram(parsePattern(pattern))!;
  const matches = createLinearMatcher(program, start, '');
  const regex = new RegExp(pattern);
  const others = ['', 'a', 'k', '\\', 'u'];
  expect([text, ...others].map(matches)).toEqual([text, ...others].map((other) => regex.test(other)));
});

test('whatever the engine accepts is parsed to its end, or refused as not supported', () => {
  const pieces = fc.array(
    fc.constantFrom(...'()[]{}|*+?^$\\.ab1,-=!<>:kcxu'.split(''), '(?:', '(?=', '\\d', '{2}', '(?<n>', '\\1'),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const pattern = parts.join('');
      fc.pre(isPattern(pattern));
      expect(() => parsePattern(pattern)).not.toThrow();
    }),
    { numRuns: 3000 },
  );
});

test('a back reference is not taken for characters', () => {
  expect(parsePattern('\\1')).toEqual({ kind: 'opaque' });
  expect(parsePattern('\\k<n>(?<n>a)')).toMatchObject({
    kind: 'sequence',
    items: [{ kind: 'opaque' }, { kind: 'unit' }],
  });
});

test('inline modifiers of newer engines are refused by name', () => {
  expect(() => parsePattern('(?i:a)')).toThrow('group "(?i:" is not supported');
});

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
