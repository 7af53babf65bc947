import { expect, test } from 'vitest';
import { didYouMean } from '../src/did-you-mean.ts';

test('the nearest candidate is suggested, whatever its case', () => {
  expect(didYouMean('mesage', ['id', 'message', 'msg'])).toBe('Did you mean "message"?');
  expect(didYouMean('MESSAGE', ['message'])).toBe('Did you mean "message"?');
});

test("two letters in each other's place are one slip", () => {
  expect(didYouMean('trian', ['train', 'other'])).toBe('Did you mean "train"?');
  expect(didYouMean('riant', ['train', 'other'])).toBe('There is train, other.');
});

test('without a near one the candidates are listed, not all of many', () => {
  expect(didYouMean('zzz', ['id', 'message'])).toBe('There is id, message.');
  const many = Array.from({ length: 14 }, (_, index) => `column${index}`);
  expect(didYouMean('zzz', many)).toMatch(/^There is column0, .*column11 and 2 more\.$/);
  expect(didYouMean('zzz', [])).toBe('');
});
