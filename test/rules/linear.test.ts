import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLinearMatcher } from '../../src/rules/linear.ts';
import { compileProgram, MAX_INSTRUCTIONS } from '../../src/rules/program.ts';
import { parsePattern } from '../../src/rules/syntax.ts';
import { regularPatterns, texts } from './patterns.ts';

function linear(pattern: string, flags = ''): (text: string) => boolean {
  const compiled = compileProgram(parsePattern(pattern));
  if (compiled === undefined) throw new Error(`no program for ${pattern}`);
  return createLinearMatcher(compiled.program, compiled.start, flags);
}

test('it finds a match exactly where the regular expression engine finds one', () => {
  fc.assert(
    fc.property(
      regularPatterns,
      fc.constantFrom('', 'i'),
      fc.array(texts, { maxLength: 4 }),
      (pattern, flags, lines) => {
        const matches = linear(pattern, flags);
        const regex = new RegExp(pattern, flags);
        expect(lines.map(matches)).toEqual(lines.map((line) => regex.test(line)));
      },
    ),
    { numRuns: 2000 },
  );
});

test('what it learned from one text does not change its answer to the next', () => {
  const matches = linear('^a+b$');
  expect(['aab', 'aab\n', 'xaab', 'b', 'ab', ''].map(matches)).toEqual([true, false, false, false, true, false]);
});

test('more kinds of characters than it keeps transitions for only make it start afresh', () => {
  const matches = linear('x.y');
  for (let code = 0x100; code < 0x100 + 30_000; code++) matches(`x${String.fromCharCode(code)}`);
  expect([matches('xéy'), matches('xé')]).toEqual([true, false]);
});

test('an empty body is not written out, however often it is asked for', () => {
  const program = compileProgram(parsePattern('(?:(?:){1000000000}){1000000000}a(?:){0,1000000000}'))?.program;
  expect(program).toHaveLength(2);
});

test('a pattern that looks around or back, or is too long when written out, has no program', () => {
  const programs = ['(?=a)b', '(?<!a)b', '(a)\\1', `(?:a{40}){${MAX_INSTRUCTIONS / 40}}`].map((pattern) =>
    compileProgram(parsePattern(pattern)),
  );
  expect(programs).toEqual([undefined, undefined, undefined, undefined]);
});
