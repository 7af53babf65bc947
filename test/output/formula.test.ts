import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardFormula } from '../../src/output/formula.ts';
import { batch, bytes, lines, storage, table, written } from './labelled.ts';

const PREFIXES = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
const BEFORE = ['', ' ', '   ', '\u200b', '\ufeff', '\u00a0', '\u2060 ', '\u202e', '\0', '\u00ad', '\u3000', '\ufe0f'];
const attacks = PREFIXES.flatMap((prefix) => BEFORE.map((before) => `${before}${prefix}cmd|' /C calc'!A0`));

/** What a spreadsheet has in its cells: quotes off, nothing hidden in front. */
function isFormula(cell: string): boolean {
  return /^[\s\p{C}\p{Z}\p{M}]*[=+\-@＝＋－＠]/u.test(cell) || /^[\t\r\n]/.test(cell);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function cellsOf(csv: string, delimiter: string): string[][] {
  return parse(Buffer.from(csv, 'latin1'), { delimiter, relaxColumnCount: true, relaxQuotes: true });
}

describe.each([
  ['csv', ','],
  ['tsv', '\t'],
  ['csv', ';'],
] as const)('%s with delimiter %j', (format, delimiter) => {
  test.each(attacks.map((attack) => [attack]))('no cell of a table is a formula: %j', async (attack) => {
    const row = (cell: string): string => bytes(['1', cell, 'x'].join(delimiter));
    const raws = [row(quoted(attack)), row(` ${quoted(`x${delimiter}${attack}`)}`)];
    if (!/[\t\r\n]/.test(attack)) raws.push(row(attack), bytes(attack));
    const layout = table(['id', 'message', 'x'].join(delimiter), { delimiter });
    const rows = cellsOf(await written(format, layout, [batch(raws)], { csvSafe: true }), delimiter);
    expect(rows).toHaveLength(raws.length + 1);
    expect(rows.flat().filter(isFormula)).toEqual([]);
    expect(rows[1]?.[1]).toBe(`'${attack}`);
  });
});

test.each(attacks.map((attack) => [attack]))('a raw line is no formula: %j', async (attack) => {
  const rows = cellsOf(await written('csv', lines, [batch([bytes(attack)])], { csvSafe: true }), ',');
  expect(rows[1]?.[1]).toBe(`'${attack}`);
});

test('a byte that is a blank in a code page hides no formula', () => {
  expect(guardFormula('\xa0=1+1')).toBe("'\xa0=1+1");
});

test('headers and labels are guarded too', async () => {
  const verdict = { ...storage, label: '=1+1' };
  expect(await written('csv', table('@id,message'), [batch(['1,x'], [verdict])], { csvSafe: true })).toBe(
    "'@id,message,label,confidence,method\n1,x,'=1+1,0.875,embedding_classifier\n",
  );
});

test.each(['-5', '+3.14', '-1e5', '-1,234.50', '-.5', ' -7 ', '-3%', '-1.5E-7'])(
  'the number %j stays a number',
  (number) => {
    expect(guardFormula(number)).toBe(number);
  },
);

test.each(['-5+2', '+1 2', '--5', '-1,23', '-', '+', '-1e', '-5\t', '\t-5', '-5|x'])('%j is no number', (cell) => {
  expect(guardFormula(cell)).toBe(`'${cell}`);
});

test('numbers and ordinary cells leave a row as it was', async () => {
  const raws = ['1,-5,plain', "2,+1e3,it's = 3 - 2", '3,,', bytes('4,é - ü,"a"')];
  const rows = await written('csv', table('a,b,c'), [batch(raws)], { csvSafe: true });
  expect(rows.split('\n').slice(1, -1)).toEqual(raws.map((raw) => `${raw},storage,0.875,embedding_classifier`));
});

test('rows are left alone unless asked for', async () => {
  expect(await written('csv', lines, [batch(['=1+1'])])).toContain('\n1,=1+1,storage');
});

test('no generated row gives a formula, however its quotes are read', async () => {
  const piece = fc.constantFrom(
    '=',
    '-',
    '+',
    '@',
    '"',
    '""',
    ',',
    ' ',
    '\t',
    '\r',
    'a',
    '5',
    '\u200b',
    '＝',
    '\xa0',
    "'",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
      const csv = await written('csv', table('a,b'), [batch([bytes(pieces.join(''))])], { csvSafe: true });
      for (const cell of cellsOf(csv, ',').flat()) {
        expect(isFormula(cell) && Number.isNaN(Number(cell)), JSON.stringify([pieces.join(''), csv])).toBe(false);
      }
    }),
    { numRuns: 5000, seed: 18 },
  );
});
