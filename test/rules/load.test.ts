import { expect, test } from 'vitest';
import { LogiqError } from '../../src/errors.ts';
import { loadRules, parseRules } from '../../src/rules/load.ts';

const GOOD = `
- id: disk-full
  label: resource
  pattern: 'No space left'
  flags: i
  match: ['write: no space left on device']
  reject: ['41 GB left']
`;

/** The good rule with one of its lines replaced. */
const without = (key: string, line = '') =>
  GOOD.replace(new RegExp(`^(- |  )${key}:.*$`, 'm'), line === '' ? '$1' : `$1${line}`);

async function refusal(source: string): Promise<LogiqError> {
  const error: unknown = await parseRules(source, 'my.yaml').catch((thrown: unknown) => thrown);
  if (!(error instanceof LogiqError)) throw new Error('the file was not refused');
  expect(error.code).toBe('E_RULES');
  return error;
}

test('a rule is read with its flags, which may be left out', async () => {
  const [rule] = await parseRules(GOOD, 'my.yaml');
  expect(rule).toEqual({
    id: 'disk-full',
    label: 'resource',
    pattern: 'No space left',
    flags: 'i',
    match: ['write: no space left on device'],
    reject: ['41 GB left'],
  });
  const [plain] = await parseRules(without('flags').replace('write: no', 'write: No'), 'my.yaml');
  expect(plain?.flags).toBe('');
});

test('JSON is read too', async () => {
  const rules = await parseRules(JSON.stringify(await parseRules(GOOD, 'my.yaml')), 'my.json');
  expect(rules).toEqual(await parseRules(GOOD, 'my.yaml'));
});

test.each([
  ['a misspelt key', GOOD.replace('reject:', 'rejct:'), 'my.yaml: rule "disk-full" has an unknown key "rejct".'],
  ['a missing id', without('id', 'label2: x'), 'my.yaml: entry 1 has an unknown key "label2".'],
  ['a missing label', without('label'), 'my.yaml: rule "disk-full" needs a text as "label".'],
  [
    'no line to match',
    without('match', 'match: []'),
    'my.yaml: rule "disk-full" needs a list as "match": at least one line that it must match.',
  ],
  [
    'no line to reject',
    without('reject'),
    'my.yaml: rule "disk-full" needs a list as "reject": at least one line that it must not match.',
  ],
  ['other flags', without('flags', 'flags: g'), 'my.yaml: rule "disk-full" has flags other than "i".'],
  ['a duplicate id', GOOD + GOOD, 'my.yaml: two rules have the id "disk-full".'],
  [
    'an example that does not match',
    without('match', "match: ['all well']"),
    'my.yaml: rule "disk-full" does not match its own example: all well.',
  ],
  [
    'a rejected line that matches',
    without('reject', "reject: ['no space left']"),
    'my.yaml: rule "disk-full" matches what it must reject: no space left.',
  ],
  ['a scalar as entry', '- 1', 'my.yaml: entry 1 is not a rule.'],
  ['a mapping as file', 'id: x', 'my.yaml: it must be a list of rules.'],
])('%s is refused by name', async (_, source, message) => {
  expect((await refusal(source)).message).toBe(message);
});

test('a misspelt key comes with the key that was meant', async () => {
  expect((await refusal(GOOD.replace('reject:', 'rejct:'))).hint).toBe('Did you mean "reject"?');
});

test.each([
  ['an invalid pattern', "pattern: '(No'", 'Unterminated group'],
  [
    'a pattern that can hang',
    `pattern: '(No space left)|(a+)+(?=b)'`,
    'hostile text can make it run for a very long time',
  ],
  [
    'a pattern too large for the engine',
    "pattern: 'No space left|(?:a{900}){900}'",
    'has a pattern that cannot be used: ',
  ],
  ['a very long pattern', `pattern: '${'a'.repeat(2001)}'`, 'it has 2001 characters, more than 2000'],
])('%s is refused with the reason', async (_, line, reason) => {
  const { message } = await refusal(without('pattern', line));
  expect(message).toContain('my.yaml: rule "disk-full" has a pattern that cannot be used: ');
  expect(message).toContain(reason);
});

test.each([
  ['YAML', '- id: [x', 'my.yaml: not valid YAML: '],
  ['JSON', '[{"id":]', 'my.yaml: not valid JSON: '],
])('broken %s is refused', async (_, source, message) => {
  expect((await refusal(source)).message).toContain(message);
});

test('aliases that multiply are refused', async () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
    'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
    'd: [*c,*c,*c]',
  ];
  expect((await refusal(bomb.join('\n'))).message).toContain('my.yaml: not usable YAML: ');
});

test('a trusted file is read without running its examples', async () => {
  const [rule] = await parseRules(without('match', "match: ['all well']"), 'my.yaml', { trusted: true });
  expect(rule?.match).toEqual(['all well']);
});

test('a file that is not there is named', async () => {
  await expect(loadRules('/nowhere/my.yaml')).rejects.toThrow(/^Cannot read the rules file \/nowhere\/my\.yaml: /);
});
