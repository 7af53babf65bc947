import { expect, test } from 'vitest';
import { every, readAll } from './read.ts';

const formatOf = async (input: string): Promise<string> => (await readAll(input)).format;

test('log text with delimiters is no table', async () => {
  expect(await formatOf('2024-01-01 10:00:00,123 INFO message, ready\n2024-01-01 10:00:01,005 WARN a, b\n')).toBe(
    'lines',
  );
  expect(await formatOf('error, message, retry\nplain line\nanother, one\nmore\n')).toBe('lines');
  expect(await formatOf('message: a, b\nmessage: c, d\n')).toBe('lines');
  expect(await formatOf('user=1, message=x\nuser=2, message=y\n')).not.toBe('csv');
});

test('a table without a message column is lines, and the reason says so', async () => {
  const { format, reason } = await readAll('id,detail\n1,a\n2,b\n');
  expect(format).toBe('lines');
  expect(reason).toBe(
    'lines (none of its columns "id", "detail" is known to be the message; choose one with --column)',
  );
});

test('one column is a table if nothing speaks against it', async () => {
  expect(await formatOf('log_message\ndisk full\n')).toBe('csv');
  expect(await formatOf('message\n"a, b"\nc\n')).toBe('csv');
  expect(await formatOf('message\n')).toBe('lines');
});

test('a few damaged rows do not hide a table', async () => {
  const rows = Array.from({ length: 50 }, (_, index) => `${index},"m ${index}"`);
  rows[7] = '7,"open';
  rows[9] = '9';
  expect(await formatOf(`id,message\n${rows.join('\n')}\n`)).toBe('csv');
});

test('the first whole line is enough to decide', async () => {
  expect(await readAll(every(1, 'id,message\n1,a\n'))).toMatchObject({ format: 'csv', raws: ['1,a'] });
});
