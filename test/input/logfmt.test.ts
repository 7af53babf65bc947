import { expect, test } from 'vitest';
import { readAll } from './read.ts';

test('the message is the value of its key', async () => {
  const { format, raws, texts, layout } = await readAll(
    'ts=1 level=info msg="served \\"/a\\"" status=200\nts=2 level=warn msg=slow\nts=3 err="no é"\nts=4 level=info\n',
  );
  expect(format).toBe('logfmt');
  expect(layout).toEqual({ kind: 'lines' });
  expect(texts).toEqual(['served "/a"', 'slow', 'no é', 'ts=4 level=info']);
  expect(raws[0]).toBe('ts=1 level=info msg="served \\"/a\\"" status=200');
});

test('a line that is not all pairs is its own message', async () => {
  const { texts } = await readAll('a=1 msg=x\nplain text msg=y\n', { format: 'logfmt' });
  expect(texts).toEqual(['x', 'plain text msg=y']);
});

test('the key can be chosen', async () => {
  expect((await readAll('a=1 detail=x msg=y\n', { field: 'detail' })).texts).toEqual(['x']);
});

test('log text with some pairs, and audit records, are lines', async () => {
  expect((await readAll('Jan 1 kernel: IN=eth0 OUT= msg=x\n')).format).toBe('lines');
  expect((await readAll('type=SYSCALL msg=audit(1684329817.579:2995): arch=1 syscall=59\n')).format).toBe('lines');
});
