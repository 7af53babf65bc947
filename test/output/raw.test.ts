import { expect, test } from 'vitest';
import { batch, lines, storage, table, written } from './labelled.ts';

test('the label, a tab and the row as it was', async () => {
  const rows = ['disk "full", a\tb', '', '\0\xff'];
  expect(await written('raw', lines, [batch(rows)])).toBe(rows.map((row) => `storage\t${row}\n`).join(''));
});

test('rows of a table come without its header and with its line end', async () => {
  const layout = table('id,message', { lineEnd: '\r\n' });
  expect(await written('raw', layout, [batch(['1,"a"', '2'])])).toBe('storage\t1,"a"\r\nstorage\t2\r\n');
});

test('explain puts every column of ours in front', async () => {
  const verdict = { ...storage, rule: 'disk-full' };
  expect(await written('raw', lines, [batch(['x'], [verdict])], { explain: true })).toBe(
    'storage\t0.875\tembedding_classifier\tdisk-full\tx\n',
  );
});

test('a label stays one field', async () => {
  expect(await written('raw', lines, [batch(['x'], [{ ...storage, label: 'a\tb\nc' }])])).toBe('a b c\tx\n');
});
