import { expect, test } from 'vitest';
import { shorten, visibleText } from '../../src/llm/data-text.ts';
import { buildPrompt, noLabel } from '../../src/llm/prompt.ts';

const labels = [
  { label: 'storage', meaning: 'disks and file systems' },
  { label: 'network', meaning: 'connections' },
];

test('labels and their meanings are in the system part, texts are numbered JSON lines', () => {
  const { system, user } = buildPrompt(['disk "a" full', 'line\nbreak'], labels);
  expect(system).toContain('- storage: disks and file systems\n- network: connections\n');
  expect(user).toBe('{"n":1,"log":"disk \\"a\\" full"}\n{"n":2,"log":"line\\nbreak"}');
});

test('the schema has the labels as an enum and lets nothing else in', () => {
  expect(buildPrompt(['x'], labels).schema).toEqual({
    type: 'object',
    properties: {
      answers: {
        type: 'array',
        items: {
          type: 'object',
          properties: { n: { type: 'integer' }, label: { type: 'string', enum: ['storage', 'network', 'none'] } },
          required: ['n', 'label'],
          additionalProperties: false,
        },
      },
    },
    required: ['answers'],
    additionalProperties: false,
  });
});

test('a label called none keeps its name', () => {
  expect(noLabel([{ label: 'None', meaning: '' }])).toBe('none_of_these');
});

test.each([
  ['a\u200bb', 'ab'],
  ['a\u202eb\u202c', 'ab'],
  ['a\nb\tc', 'a b c'],
  ['a\u0000b', 'ab'],
  ['a\u{e0041}b', 'ab'],
  ['a\ud800b', 'ab'],
  ['zo\u00eb 😀 日本', 'zo\u00eb 😀 日本'],
])('visibleText %#', (text, expected) => {
  expect(visibleText(text)).toBe(expected);
});

test('a long text keeps its beginning and its end', () => {
  const short = shorten(`begin ${'😀'.repeat(2_000)} end`);
  expect(short.length).toBeLessThanOrEqual(1000);
  expect(short).toMatch(/^begin .* \.\.\. .* end$/u);
  expect(short).not.toMatch(/\p{Cs}/u);
  expect(shorten('x'.repeat(1000))).toBe('x'.repeat(1000));
});
