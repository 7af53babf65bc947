import { expect, test } from 'vitest';
import { stripPrefix } from '../../src/input/prefix.ts';
import { readAll } from './read.ts';

test.each([
  ['Oct 11 22:14:15 web-1 sshd[123]: Failed password', 'sshd: Failed password'],
  ['Oct  1 22:14:15 web-1 kernel: [ 1234.567890] Out of memory', 'kernel: Out of memory'],
  ['<34>Oct 11 22:14:15 10.0.0.1 su(pam_unix)[7]: denied', 'su(pam_unix): denied'],
  ['Oct 11 22:14:15 mac Some Program[7]: hi', 'Some Program: hi'],
  ['2024-01-02T03:04:05.678901+01:00 web-1 postfix/smtpd[9]: NOQUEUE', 'postfix/smtpd: NOQUEUE'],
  ['<165>1 2024-01-02T03:04:05.003Z web-1 app 8710 ID47 [x@1 a="]\\"" b="2"][y@1] started', 'app: started'],
  ['<34>1 2024-01-02T03:04:05Z web-1 su - ID47 - \ufeffdenied', 'su: denied'],
  ['<34>1 - - - - - - text', 'text'],
  ['2024-01-02T03:04:05.123456789Z stderr F panic: nil', 'panic: nil'],
  ['2024-01-02T03:04:05.1234567Z ##[error]failed', '##[error]failed'],
  ['2024-01-02T03:04:05.1234567Z', ''],
  ['build\tRun tests\t2024-01-02T03:04:05.1234567Z ok', 'ok'],
])('%s', (line, message) => {
  expect(stripPrefix(line)).toBe(message);
});

test.each([
  'plain',
  '',
  '<b>bold</b>',
  '2024-01-02 03:04:05 ERROR app: failed',
  '2024-01-02T03:04:05Z ERROR app: failed',
  'Oct 11 22:14:15 last message repeated 2 times',
  '2024-01-02T03:04:05.123Z message',
  'Jan was here: ok',
])('not certain: %s', (line) => {
  expect(stripPrefix(line)).toBe(line);
});

test('rows keep their prefix, texts do not; JSON in a line of its runtime is opened', async () => {
  const input =
    '2024-01-02T03:04:05.1Z stdout F {"level":"info","msg":"é ready"}\n2024-01-02T03:04:05.1Z stdout F plain\n';
  const { raws, texts } = await readAll(input);
  expect(texts).toEqual(['é ready', 'plain']);
  expect(raws[1]).toBe('2024-01-02T03:04:05.1Z stdout F plain');
});
