import * as fc from 'fast-check';

/** Patterns of all constructs but look-arounds and back references, over few letters so that texts often match. */
export const regularPatterns = patternsOf([
  'a',
  'b',
  'A',
  '1',
  ' ',
  '-',
  'é',
  'ſ',
  '\\.',
  '.',
  '\\d',
  '\\w',
  '\\S',
  '[ab]',
  '[^a]',
  '[a-c1]',
  '\\b',
  '\\B',
  '^',
  '$',
]);

/** The same with look-arounds and back references. */
export const anyPatterns = patternsOf([
  'a',
  'b',
  'B',
  'ab',
  'ba',
  '[aA]',
  '.',
  '\\w',
  '^',
  '$',
  '(?=a)',
  '(?!b)',
  '(?<=a)',
  '(?<!b)',
  '(a)\\1',
  '(?:ab)',
]);

/** Texts over the letters of the patterns above. */
export const texts = fc.string({ unit: fc.constantFrom(...'abABc1 -.éſK\n😀'.split(/(?:)/u)), maxLength: 12 });

function patternsOf(atoms: readonly string[]): fc.Arbitrary<string> {
  const { pattern } = fc.letrec<{ pattern: string; group: string; repeated: string; joined: string }>((tie) => ({
    pattern: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...atoms),
      tie('joined'),
      tie('group'),
      tie('repeated'),
    ),
    joined: fc.array(tie('pattern'), { minLength: 2, maxLength: 4 }).map((parts) => parts.join('')),
    group: fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }).map((parts) => `(?:${parts.join('|')})`),
    repeated: fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?'))
      .map(([body, quantifier]) => `(?:${body})${quantifier}`),
  }));
  return pattern;
}
