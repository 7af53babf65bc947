import { expect, test } from 'vitest';
import { batch, bytes, chunksOf, lines, storage, written } from './labelled.ts';

test('raw lines become CSV under a header of ours', async () => {
  expect(await written(undefined, lines, [batch(['disk full', 'disk slow'])])).toBe(
    'line,message,label,confidence,method\n' +
      '1,disk full,storage,0.875,embedding_classifier\n' +
      '2,disk slow,storage,0.875,embedding_classifier\n',
  );
});

test('lines are numbered on from batch to batch', async () => {
  const rows = await written('csv', lines, [batch(['a'], [storage], 41), batch(['b'], [storage], 42)]);
  expect(rows.split('\n').slice(1, 3)).toEqual([
    '41,a,storage,0.875,embedding_classifier',
    '42,b,storage,0.875,embedding_classifier',
  ]);
});

test('a message is quoted only for a quote, the delimiter, CR or LF', async () => {
  const messages = ['say "hi"', 'a,b', 'a\rb', 'a\nb', ' blank ends ', 'tab\there', 'semi;colon', ''];
  const rows = await written('csv', lines, [batch(messages)]);
  const cells = ['"say ""hi"""', '"a,b"', '"a\rb"', '"a\nb"', ' blank ends ', 'tab\there', 'semi;colon', ''];
  expect(rows).toBe(
    `line,message,label,confidence,method\n${cells.map((cell, index) => `${index + 1},${cell},storage,0.875,embedding_classifier\n`).join('')}`,
  );
});

test('NUL and bytes that are no UTF-8 come out as they went in', async () => {
  const odd = `\0\xff\xfe\x80${bytes('é😀')}`;
  expect(await written('csv', lines, [batch([odd])])).toContain(`\n1,${odd},storage,`);
});

test('TSV quotes tabs instead of commas', async () => {
  expect(await written('tsv', lines, [batch(['a,b', 'a\tb'])])).toBe(
    'line\tmessage\tlabel\tconfidence\tmethod\n' +
      '1\ta,b\tstorage\t0.875\tembedding_classifier\n' +
      '2\t"a\tb"\tstorage\t0.875\tembedding_classifier\n',
  );
});

test.each([
  [1, '1'],
  [0, '0'],
  [0.5, '0.5'],
  [0.123456, '0.1235'],
  [0.99996, '1'],
  [0.00004, '0'],
  [0.1 + 0.2, '0.3'],
  [0.0001, '0.0001'],
])('confidence %d is written %s', async (confidence, text) => {
  const rows = await written('csv', lines, [batch(['x'], [{ ...storage, confidence }])]);
  expect(rows.split('\n')[1]).toBe(`1,x,storage,${text},embedding_classifier`);
});

test('a label is quoted where needed and written in UTF-8', async () => {
  const rows = await written('csv', lines, [batch(['x'], [{ ...storage, label: 'Größe, "neu"' }])]);
  expect(rows.split('\n')[1]).toBe(bytes('1,x,"Größe, ""neu""",0.875,embedding_classifier'));
});

test('explain adds the rule, empty where no rule decided', async () => {
  const byRule = { label: 'auth_failure', confidence: 1, method: 'regex', rule: 'sshd-failed' } as const;
  expect(await written('csv', lines, [batch(['a', 'b'], [byRule, storage])], { explain: true })).toBe(
    'line,message,label,confidence,method,rule\n' +
      '1,a,auth_failure,1,regex,sshd-failed\n' +
      '2,b,storage,0.875,embedding_classifier,\n',
  );
});

test('empty input gives the header alone', async () => {
  expect(await written('csv', lines, [])).toBe('line,message,label,confidence,method\n');
});

test('a chunk a batch, after one for the header', async () => {
  expect(await chunksOf('csv', lines, [batch(['a', 'b']), batch([]), batch(['c'])])).toHaveLength(3);
});
