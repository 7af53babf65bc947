import { expect, test } from 'vitest';
import { batch, bytes, storage, table, written } from './labelled.ts';

const OURS = 'storage,0.875,embedding_classifier';

async function rowsOf(...args: Parameters<typeof written>): Promise<string[]> {
  return (await written(...args)).split('\n').slice(0, -1);
}

test('a row keeps its bytes, whatever style of quoting they have', async () => {
  const raws = ['"1", "a ""b"" c"', '2,plain', '"3",\xff\0', '4,5" disk', '5,"two\nlines"'];
  expect(await written('csv', table('id,message'), [batch(raws)])).toBe(
    `id,message,label,confidence,method\n${raws.map((raw) => `${raw},${OURS}\n`).join('')}`,
  );
});

test('a byte order mark stands before the header, and nowhere in an output that others began', async () => {
  const layout = table('id,message', { hasMark: true });
  expect(await written('csv', layout, [batch(['1,a'])])).toBe(
    `\xef\xbb\xbfid,message,label,confidence,method\n1,a,${OURS}\n`,
  );
  expect(await written('csv', layout, [batch(['1,a'])], { head: false })).toBe(`1,a,${OURS}\n`);
  expect((await written('jsonl', layout, [batch(['1,a'])]))[0]).toBe('{');
});

test("our cells come with the input's delimiter and line end", async () => {
  const layout = table('id;message', { delimiter: ';', lineEnd: '\r\n' });
  const verdict = { ...storage, label: 'a;b' };
  expect(await written('csv', layout, [batch(['1;x,y'], [verdict])])).toBe(
    'id;message;label;confidence;method\r\n1;x,y;"a;b";0.875;embedding_classifier\r\n',
  );
});

test('a short row is padded and a long one kept', async () => {
  const raws = ['1', '1,2', '1,2,3,4', '', '"1,2"', '"1\n2",2'];
  expect((await written('csv', table('a,b,c'), [batch(raws)])).slice('a,b,c,label,confidence,method\n'.length)).toBe(
    `1,,,${OURS}\n1,2,,${OURS}\n1,2,3,4,${OURS}\n,,,${OURS}\n"1,2",,,${OURS}\n"1\n2",2,,${OURS}\n`,
  );
});

test('a stray quote swallows neither our cells nor the next row', async () => {
  const raws = ['1,"never closed, at all', '2,"closed" too early', '3,fine'];
  expect(await rowsOf('csv', table('id,message'), [batch(raws)])).toEqual([
    'id,message,label,confidence,method',
    `1,"""never closed", at all,${OURS}`,
    `2,"""closed"" too early",${OURS}`,
    `3,fine,${OURS}`,
  ]);
});

test.each([
  ['id,label', 'id,label,logiq_label,confidence,method'],
  ['id,Label,METHOD', 'id,Label,METHOD,logiq_label,confidence,logiq_method'],
  ['label,logiq_label', 'label,logiq_label,logiq_label_2,confidence,method'],
  ['label,logiq_label,logiq_label_2', 'label,logiq_label,logiq_label_2,logiq_label_3,confidence,method'],
])('the header %s becomes %s', async (header, expected) => {
  expect(await rowsOf('csv', table(header), [])).toEqual([expected]);
});

test('a TSV stays one unless another format is asked for', async () => {
  const layout = table('id\tmessage', { delimiter: '\t' });
  const raws = ['1\ta,b', '2\t"a\tb"'];
  expect(await rowsOf(undefined, layout, [batch(raws)])).toEqual([
    'id\tmessage\tlabel\tconfidence\tmethod',
    '1\ta,b\tstorage\t0.875\tembedding_classifier',
    '2\t"a\tb"\tstorage\t0.875\tembedding_classifier',
  ]);
  expect(await rowsOf('csv', layout, [batch(raws)])).toEqual([
    'id,message,label,confidence,method',
    `1,"a,b",${OURS}`,
    `2,a\tb,${OURS}`,
  ]);
});

test('a CSV becomes a TSV', async () => {
  const rows = await rowsOf('tsv', table('id,message,x'), [batch(['1, "a,b"', bytes('2,"é\t""q"""')])]);
  expect(rows).toEqual([
    'id\tmessage\tx\tlabel\tconfidence\tmethod',
    '1\ta,b\t\tstorage\t0.875\tembedding_classifier',
    bytes('2\t"é\t""q"""\t\tstorage\t0.875\tembedding_classifier'),
  ]);
});
