import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { every, readAll } from './read.ts';

test('backslash escapes are found', async () => {
  const input = 'id,message\n1,"said \\"no\\", left"\n2,"back\\\\slash"\r\n3,"two\n\\"lines\\""\n4,plain é\n';
  const { raws, texts, damaged, reason, layout } = await readAll(input);
  expect(texts).toEqual(['said "no", left', 'back\\slash', 'two\n"lines"', 'plain é']);
  expect(raws[2]).toBe('3,"two\n\\"lines\\""');
  expect(damaged.size).toBe(0);
  expect(reason).toBe('csv (header has "message", delimiter ",", escape \\)');
  expect(layout).toMatchObject({ kind: 'table', header: 'id,message', messageColumn: 1 });
});

test('a backslash before a closing quote is none', async () => {
  const { texts, damaged } = await readAll('id,message\n1,"C:\\dir\\"\n2,"D:\\"\n3,"a, ""b"""\n');
  expect(texts).toEqual(['C:\\dir\\', 'D:\\', 'a, "b"']);
  expect(damaged.size).toBe(0);
});

test('delimiters of many characters, other quotes and comments by option', async () => {
  const dialect = { delimiter: '||', quote: "'", comment: '#' };
  const { raws, texts, damage } = await readAll("# made today\nid||message\n1||'a || ''b'''\n# note\n2||c#d\n", {
    dialect,
  });
  expect(texts).toEqual(["a || 'b'", 'c#d']);
  expect(raws).toEqual(["1||'a || ''b'''", '2||c#d']);
  expect(damage).toEqual({ 'blank-line': { count: 1, firstRow: 1, firstLine: 4 } });
});

test('a quote that is never closed costs its own row alone in a dialect too', async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => `${index + 1};message ${index + 1}`);
  rows[9] = "10;'message 10";
  const { raws, damaged } = await readAll(`id;message\n${rows.join('\n')}\n`, {
    dialect: { delimiter: ';', quote: "'" },
  });
  expect(raws).toEqual(rows);
  expect([...damaged]).toEqual([[10, 'stray-quote']]);
});

test('short, long, stray and blank rows in a dialect', async () => {
  const input = "id;message\n1;a;b\n2\n\n3;'x' y\n4;it's\n";
  const { texts, damaged } = await readAll(input, { dialect: { delimiter: ';', quote: "'" } });
  expect(texts).toEqual(['a', '2', "'x' y", "it's"]);
  expect([...damaged]).toEqual([
    [1, 'long-row'],
    [2, 'short-row'],
    [3, 'stray-quote'],
  ]);
});

test('a dialect that cannot be, and one without the column', async () => {
  await expect(readAll('a\n', { dialect: { delimiter: '' } })).rejects.toMatchObject({ code: 'E_USAGE' });
  await expect(readAll('id;x\n', { dialect: { delimiter: ';' } })).rejects.toMatchObject({ code: 'E_INPUT_COLUMN' });
});

test('tables with backslash escapes are read as csv-parse reads them', async () => {
  const random = createRandom(4);
  const pieces = ['a', 'é', ',', '"', '\\', '\n', ' ', 'x y'];
  for (let table = 0; table < 100; table += 1) {
    const rows = Array.from({ length: 10 }, (_, id) => {
      const text = Array.from({ length: random.int(6) }, () => random.pick(pieces)).join('');
      return `${id},"${text.replace(/[\\"]/g, '\\$&')}"`;
    });
    const input = `id,message\n${rows.join('\n')}\n`;
    const expected: string[][] = parse(input, { escape: '\\', from: 2 });
    const { raws, texts } = await readAll(every(9, input), { dialect: { escape: '\\' } });
    expect(texts).toEqual(expected.map((row) => row[1]));
    expect(raws).toEqual(rows.map((row) => Buffer.from(row).toString('latin1')));
  }
});

test('lines that end with CR alone are rows of a table', async () => {
  const { raws, texts, reason } = await readAll(every(4, 'id,message\r1,a\r2,"b, c"\r3,d'));
  expect(raws).toEqual(['1,a', '2,"b, c"', '3,d']);
  expect(texts).toEqual(['a', 'b, c', 'd']);
  expect(reason).toBe('csv (header has "message", delimiter ",")');
});
