import { expect, test } from 'vitest';
import { worstCaseSteps } from '../../src/rules/cost.ts';
import { MAX_RULE_CHARS } from '../../src/rules/rule.ts';
import { parsePattern } from '../../src/rules/syntax.ts';

const steps = (pattern: string) => worstCaseSteps(parsePattern(pattern));
const N = MAX_RULE_CHARS;

test('a pattern without repeats costs its length at each place, and only the start of the text when anchored', () => {
  expect(steps('[ab][ab]')).toBe(N * 3);
  expect(steps('^[ab][ab]')).toBe(4);
});

test('a literal at the front divides the places by the distance at which it can occur again', () => {
  expect(steps('abcd')).toBe((N / 4) * 5);
  expect(steps('abab')).toBe((N / 2) * 5);
});

test('each repeat that can end in many places multiplies, one that can end in a single place adds', () => {
  expect(steps('^.*[xy]')).toBeGreaterThan(N);
  expect(steps('^.*[xy].*[xy]')).toBeGreaterThan(N * N);
  expect(steps('^\\d*:\\d*:\\d*:')).toBeLessThan(5 * N);
});

test('a look-around adds its cost, since it is never entered again', () => {
  expect(steps('^(?!.*x)(?!.*y)(?!.*z)a')).toBeLessThan(12 * N);
});

test('of branches that begin differently one can match, of those that begin alike all', () => {
  expect(steps('^(?:a.*|b.*|c.*)[xy]')).toBeLessThan(2 * steps('^a.*[xy]'));
  expect(steps('^(?:a.*|a.*|a.*)[xy]')).toBeGreaterThan(2 * steps('^a.*[xy]'));
});

test.each(['(a+)+', '(a|a)*', '(a|aa)+', '(.*a)*', '(a?)*', '(?:a*)*', '((a+)b?)+'])(
  '%s multiplies with every round',
  (pattern) => {
    expect(steps(pattern)).toBe(Infinity);
  },
);

test('a choice that is repeated a counted number of times is raised to that power', () => {
  expect(steps('^(?:a?){30}[xy]')).toBeGreaterThan(2 ** 30);
});

test('a count beyond the length of a text makes nothing cheap', () => {
  expect(steps('(?:a?){5000}')).toBe(Infinity);
  expect(steps('(?:\\b){1000000000}')).toBeGreaterThan(1e9);
});
