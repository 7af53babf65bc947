import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLiteralScan } from '../../src/rules/scan.ts';

function found(literals: ReadonlyArray<readonly string[] | undefined>, text: string): number[] {
  const words = new Uint32Array(Math.ceil(literals.length / 32));
  createLiteralScan(literals)(text, words);
  return literals.flatMap((_, owner) => (((words[owner >>> 5]! >>> (owner & 31)) & 1) === 1 ? [owner] : []));
}

test('an owner is found when one of its strings is in the text, whatever the case', () => {
  const literals = [['error'], ['warn', 'err'], undefined, ['rror:'], ['panic']];
  expect(found(literals, 'An ERROR: x')).toEqual([0, 1, 2, 3]);
  expect(found(literals, 'all well')).toEqual([2]);
});

test('letters that fold to ASCII only under the u flag, and other alphabets, end a literal', () => {
  expect(found([['ks'], ['k']], '\u212As k\u017F éks')).toEqual([0, 1]);
  expect(found([['ks']], '\u212As k\u017F')).toEqual([]);
});

test('it finds what searching for each string finds, for more owners than a word has bits', () => {
  const strings = fc.string({ unit: fc.constantFrom(...'abc'.split('')), minLength: 1, maxLength: 4 });
  const owners = fc.array(fc.array(strings, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 70 });
  const line = fc.string({ unit: fc.constantFrom(...'abcABé'.split('')), maxLength: 30 });
  fc.assert(
    fc.property(owners, line, (literals, text) => {
      const folded = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
      const expected = literals.flatMap((own, owner) =>
        own.some((literal) => folded.includes(literal)) ? [owner] : [],
      );
      expect(found(literals, text)).toEqual(expected);
    }),
  );
});
