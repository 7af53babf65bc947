import { expect, test } from 'vitest';
import { readPattern } from '../../src/rules/compile.ts';
import { createMatcher } from '../../src/rules/matcher.ts';

/** Patterns that are known to hang backtracking engines, with what they hang on. None of the texts matches. */
const HOSTILE: ReadonlyArray<readonly [pattern: string, piece: string]> = [
  ['(a+)+$', 'a'],
  ['([a-zA-Z]+)*\\d$', 'a'],
  ['(a|aa)+$', 'a'],
  ['(a|a?)+;$', 'a'],
  ['(a|a)*\\d', 'a'],
  ['(.*a){20}\\d', 'a'],
  ['(x+x+)+y', 'x'],
  ['\\s+$', ' '],
  ['^\\s+;|\\s+$', ' '],
  ['.*.*=.*', 'x'],
  ['(?:.*)*,', 'x'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'],
  ['(\\w+\\s?)*;$', 'a'],
  ['(\\d+)*[^\\d!]$', '1'],
  ['a*a*a*a*a*b', 'a'],
  ['(a*)*b', 'a'],
  ['((a+)+)+b', 'a'],
  ['(\\w*)*\\W\\W\\W', 'a'],
  ['^(\\([^)]*\\)|[^()]*)*$', '('],
  ['(([^,]*,)*)*;', 'a,'],
  ['([\\w.]+)+@([\\w.]+)+\\.com', 'a.'],
  ['(<[^>]*)*>$', '<'],
  ['("[^"]*"|[^"])*x', '"a'],
  ['(/\\*(.|\\n)*)*\\*/$', '/*'],
  ['(a?){50}a{50}b', 'a'],
  ['(0|00)*1', '0'],
  ['(.+)+z', 'q'],
  ['^(?:(?:a|b)*)*c', 'ab'],
  ['(?:[a-z]*[0-9]*)*;', 'a1'],
  ['[^x]*[^y]*[^z]*;', 'q'],
  ['(?:\\s*\\S*\\s*)*;', 'a '],
  ['error.*failed.*timeout.*code', 'error failed timeout '],
];

test.each(HOSTILE)('%s is done with 50 kB of %j', (pattern, piece) => {
  const match = createMatcher([{ id: 'hostile', label: 'routine', pattern, flags: '', match: [], reject: [] }]);
  const text = piece.repeat(50_000 / piece.length);
  match(`${text}!`); // cut, so that "$" may match at the cut
  expect(match(`${text.slice(0, 4000)}!`)).toBeUndefined();
});

test.each(['(a+)+(?=b)', '(\\w+)\\1+z', '(?:a|a)*(?<!b)c', '(?:a{60}){60}(b+)+'])(
  '%s is refused, with the reason',
  (pattern) => {
    expect(() => readPattern(pattern, '').compile()).toThrow(/hostile text .* cannot be run in linear time/);
  },
);
