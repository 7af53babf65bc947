import { assert, property, json } from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswers } from '../../src/llm/answers.ts';

const labels = [
  { label: 'storage', meaning: '' },
  { label: 'Network', meaning: '' },
];
const read = (answers: unknown, count = 2) => readAnswers(JSON.stringify({ answers }), count, labels);

test('each number gets its label', () => {
  expect(
    read([
      { n: 2, label: 'storage' },
      { n: 1, label: 'Network' },
    ]),
  ).toEqual(['Network', 'storage']);
});

test.each([
  ['missing', [{ n: 1, label: 'storage' }], ['storage', undefined]],
  [
    'doubled',
    [
      { n: 1, label: 'storage' },
      { n: 1, label: 'storage' },
    ],
    [undefined, undefined],
  ],
  ['given three times', [1, 1, 1].map((n) => ({ n, label: 'storage' })), [undefined, undefined]],
  [
    'out of range',
    [
      { n: 0, label: 'storage' },
      { n: 3, label: 'storage' },
      { n: 1.5, label: 'storage' },
    ],
    [undefined, undefined],
  ],
  ['not a number', [{ n: '1', label: 'storage' }, null, 7, 'x'], [undefined, undefined]],
])('a number that is %s is no answer', (_what, answers, expected) => {
  expect(read(answers)).toEqual(expected);
});

test.each([
  ['the word for no label', 'none', null],
  ['a label outside the set', 'pizza', null],
  ['no text', 7, null],
  ['a property of objects', 'constructor', null],
  ['another case', 'NETWORK', 'Network'],
  ['space around it', ' storage ', 'storage'],
])('%s', (_what, label, expected) => {
  expect(read([{ n: 1, label }], 1)).toEqual([expected]);
});

test('a label that differs from another in case only is taken to the letter', () => {
  const twins = ['a', 'A'].map((label) => ({ label, meaning: '' }));
  const answer = (label: string) => readAnswers(JSON.stringify({ answers: [{ n: 1, label }] }), 1, twins);
  expect(answer('A')).toEqual(['A']);
  expect(answer(' a')).toEqual([null]);
});

test('a code fence around the object does not matter', () => {
  expect(readAnswers('```json\n{"answers":[{"n":1,"label":"storage"}]}\n```', 1, labels)).toEqual(['storage']);
});

test.each(['', 'storage', '{', '{"answers":', '[]', 'null', '{"answers":{"1":"storage"}}', '{"label":"storage"}'])(
  '%j is not an answer',
  (text) => {
    expect(readAnswers(text, 1, labels)).toBeUndefined();
  },
);

test('whatever comes, an answer is of the set, null or undefined', () => {
  assert(
    property(json(), (entries) => {
      const answers = readAnswers(`{"answers":${entries}}`, 3, labels) ?? [];
      for (const answer of answers) expect(['storage', 'Network', null, undefined]).toContain(answer);
    }),
  );
});
