import { expect, test } from 'vitest';
import { openInput } from '../../src/input/index.ts';
import { chunked, every, readAll } from './read.ts';

test('a row is its bytes, its text the message', async () => {
  const { raws, texts, layout, reason } = await readAll('id,log_message\n1,disk full\n2,"a, b"\n');
  expect(raws).toEqual(['1,disk full', '2,"a, b"']);
  expect(texts).toEqual(['disk full', 'a, b']);
  expect(layout).toEqual({
    kind: 'table',
    header: 'id,log_message',
    columns: ['id', 'log_message'],
    messageColumn: 1,
    delimiter: ',',
    lineEnd: '\n',
  });
  expect(reason).toBe('csv (header has "log_message", delimiter ",")');
});

test('doubled quotes, line ends in quotes, CRLF and a missing last line end', async () => {
  const { raws, texts, damaged, layout } = await readAll('id,msg\r\n1,"said ""no"""\r\n2,"one\r\ntwo"\r\n3,"x"');
  expect(raws).toEqual(['1,"said ""no"""', '2,"one\r\ntwo"', '3,"x"']);
  expect(texts).toEqual(['said "no"', 'one\r\ntwo', 'x']);
  expect(damaged.size).toBe(0);
  expect(layout).toMatchObject({ lineEnd: '\r\n', header: 'id,msg' });
});

test('a byte order mark is no part of the header', async () => {
  const { layout, texts } = await readAll('\ufeffmessage,id\nhello,1\n');
  expect(layout).toMatchObject({ header: 'message,id', columns: ['message', 'id'], messageColumn: 0 });
  expect(texts).toEqual(['hello']);
});

test('blanks around a quoted cell are no part of the message', async () => {
  const input = 'source,log_message\nCRM, "IP 1.2.3.4 blocked"\nCRM, "a, ""b"" c" \nCRM, plain "quoted" word\n';
  const { raws, texts, damaged } = await readAll(input);
  expect(texts).toEqual(['IP 1.2.3.4 blocked', 'a, "b" c', ' plain "quoted" word']);
  expect(raws).toEqual(input.split('\n').slice(1, -1));
  expect(damaged.size).toBe(0);
});

test('the best of the usual names is the message, whatever its case', async () => {
  expect((await readAll('text,Message,id\na,b,1\n')).texts).toEqual(['b']);
  expect((await readAll('text,LOG_MESSAGE,message\na,b,c\n')).texts).toEqual(['b']);
});

test('--column wins over the usual names, its case does not matter', async () => {
  expect((await readAll('message,Detail\na,b\n', { column: 'detail' })).texts).toEqual(['b']);
});

test('tabs, semicolons and bars delimit too', async () => {
  expect(await readAll('id\tmessage\n1\ta, b\n')).toMatchObject({ format: 'tsv', texts: ['a, b'] });
  expect(await readAll('id;message\n1;a, b\n')).toMatchObject({ format: 'csv', texts: ['a, b'] });
  expect(await readAll('id|message\n1|a, b\n')).toMatchObject({ format: 'csv', texts: ['a, b'] });
});

test('a header without rows, and nothing at all', async () => {
  expect(await readAll('id,message\n')).toMatchObject({ format: 'csv', raws: [] });
  expect(await readAll('id,message')).toMatchObject({ format: 'csv', raws: [] });
  expect(await readAll('', { format: 'csv' })).toMatchObject({ raws: [], damage: {} });
});

test('rows with fewer or more cells than the header are flagged and whole', async () => {
  const { raws, texts, damaged, damage } = await readAll('id,message,x\n1,a,b\n2\n3,c,d,e\n4,f,g\n', { format: 'csv' });
  expect(raws).toEqual(['1,a,b', '2', '3,c,d,e', '4,f,g']);
  expect(texts).toEqual(['a', '2', 'c', 'f']);
  expect(damaged).toEqual(
    new Map([
      [2, 'short-row'],
      [3, 'long-row'],
    ]),
  );
  expect(damage).toEqual({
    'short-row': { count: 1, firstRow: 2, firstLine: 3 },
    'long-row': { count: 1, firstRow: 3, firstLine: 4 },
  });
});

test('blank lines of a table are counted and are no rows', async () => {
  const { raws, damage } = await readAll('\nid,message\n1,a\n\r\n2,b\n\n');
  expect(raws).toEqual(['1,a', '2,b']);
  expect(damage).toEqual({ 'blank-line': { count: 2, firstRow: 1, firstLine: 4 } });
});

test('a quote that is never closed costs its own row alone', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => `${index + 1},message ${index + 1}`);
  rows[9] = '10,"message 10';
  const { raws, texts, damage, damaged } = await readAll(`id,message\n${rows.join('\n')}\n`);
  expect(raws).toEqual(rows);
  expect(texts[9]).toBe('"message 10');
  expect(damaged).toEqual(new Map([[10, 'stray-quote']]));
  expect(damage).toEqual({ 'stray-quote': { count: 1, firstRow: 10, firstLine: 11 } });
});

test('a quote that is never closed does not take quoted rows below it', async () => {
  const { raws, texts, damaged } = await readAll('id,message\n1,"open\n2,"a, b"\n3,"c ""d"""\n4,e"\n5,","\n');
  expect(raws).toEqual(['1,"open', '2,"a, b"', '3,"c ""d"""', '4,e"', '5,","']);
  expect(texts).toEqual(['"open', 'a, b', 'c "d"', 'e"', ',']);
  expect([...damaged]).toEqual([[1, 'stray-quote']]);
});

test('rows after a bad one are read although the quotes pair up by chance', async () => {
  const { raws, damaged } = await readAll('id,message,x\n1,"open,x\n2,mid,x\n3,",",x\n4,a,x\n');
  expect(raws).toEqual(['1,"open,x', '2,mid,x', '3,",",x', '4,a,x']);
  expect([...damaged]).toEqual([[1, 'stray-quote']]);
});

test('a row over 1 MiB is cut, flagged and the next one is whole', async () => {
  const long = 'x'.repeat(3 << 20);
  const { raws, texts, damaged } = await readAll(chunked('id,message\n1,', long, long, '\n2,b\n'));
  expect(raws.map((raw) => raw.length)).toEqual([1 << 20, 3]);
  expect(texts[0]?.length).toBe((1 << 20) - 2);
  expect(raws[1]).toBe('2,b');
  expect([...damaged]).toEqual([[1, 'cut']]);
});

test('bytes that are no UTF-8 come out as they went in', async () => {
  const input = Buffer.from('id,message\n1,caf\xe9\n2,caf\xc3\xa9\n', 'latin1');
  const { raws, texts, damage } = await readAll(input);
  expect(raws).toEqual(['1,caf\xe9', '2,caf\xc3\xa9']);
  expect(texts).toEqual(['caf\ufffd', 'café']);
  expect(damage).toEqual({ 'invalid-utf8': { count: 1, firstRow: 1, firstLine: 2 } });
});

test('a missing column names the columns and the nearest one', async () => {
  await expect(readAll('id,message\n1,a\n', { column: 'mesage' })).rejects.toMatchObject({
    code: 'E_INPUT_COLUMN',
    message: 'Input has no column "mesage".',
    hint: 'Did you mean "message"? Choose one with --column.',
  });
  await expect(readAll('id,detail\n1,a\n', { format: 'csv' })).rejects.toMatchObject({
    code: 'E_INPUT_COLUMN',
    message: 'No column of the input is known to hold the message: "id", "detail".',
  });
});

test('a record of many lines is out as soon as its last line end is in', async () => {
  let asked = 0;
  async function* live(): AsyncGenerator<Uint8Array, void> {
    for (const piece of ['id,message\n1,"a\nb"', '\n', '2,"c\n', 'd",\n', '3,"e"', ' \n']) {
      asked += 1;
      yield Buffer.from(piece);
    }
  }
  const { batches } = await openInput(live());
  const seen: Array<readonly [number, readonly string[]]> = [];
  for await (const batch of batches) seen.push([asked, batch.raws]);
  expect(seen).toEqual([
    [2, ['1,"a\nb"']],
    [4, ['2,"c\nd",']],
    [6, ['3,"e" ']],
  ]);
});

test('quotes that go on for more than 1 MiB are stray: no line below them is lost', async () => {
  const rows = Array.from({ length: 400_000 }, () => '",');
  const { raws, damage } = await readAll(every(1000, `id,message\n${rows.join('\n"')}\n`), { format: 'csv' });
  expect(raws).toHaveLength(rows.length);
  expect(damage['stray-quote']?.firstRow).toBe(1);
  expect(damage.cut).toBeUndefined();
});
