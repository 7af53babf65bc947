import { expect, test } from 'vitest';
import { placeholders } from '../../src/template/placeholders.ts';
import { toWords } from '../../src/template/words.ts';

test.each([
  ['from <host> port <num>', 'from host address port 0'],
  ['eth<num> is up at <time>', 'eth0 is up at'],
  ['PermissionDenied for read_only HTTPServer', 'Permission Denied for read only HTTP Server'],
  ['status 404 <hex> <uuid> <nope>', 'status 404 hex id <nope>'],
])('%j is read as %j', (template, words) => {
  expect(toWords(template)).toBe(words);
});

test('nothing to read is one space', () => {
  expect(toWords('')).toBe(' ');
  expect(toWords('<time>')).toBe(' ');
});

test('the view is cut at 700 characters', () => {
  expect(toWords('word '.repeat(400))).toHaveLength(700);
});

test('no placeholder survives', () => {
  expect(toWords(Object.keys(placeholders).join(' '))).not.toMatch(/[<>]/);
});
