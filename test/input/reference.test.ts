import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitCells } from '../../src/input/cells.ts';
import { every, readAll } from './read.ts';

const TABLES = process.env['LOGIQ_LONG_TESTS'] === undefined ? 300 : 2000;

const piece = fc.constantFrom(
  'a',
  'Z9',
  ' ',
  ',',
  '"',
  '""',
  '\n',
  '\r\n',
  '\r',
  'é',
  '€',
  '😀',
  '\t',
  ';',
  '\u00a0',
  '=',
  "'",
);
const cell = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

interface Table {
  readonly delimiter: string;
  readonly text: string;
}

/** Tables as other programs write them: quoted where needed and sometimes where not, with mixed line ends. */
const table: fc.Arbitrary<Table> = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    columns: fc.integer({ min: 2, max: 5 }),
    message: fc.nat(4),
    rows: fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: 5, maxLength: 5 }), { maxLength: 12 }),
    lineEnds: fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 13, maxLength: 13 }),
    lastLineEnd: fc.boolean(),
  })
  .map(({ delimiter, columns, message, rows, lineEnds, lastLineEnd }) => {
    const names = Array.from({ length: columns }, (_, index) =>
      index === message % columns ? 'message' : `c${index}`,
    );
    const lines = rows.map((row) =>
      row
        .slice(0, columns)
        .map(([value, quoted]) => (quoted || needsQuotes(value, delimiter) ? quote(value) : value))
        .join(delimiter),
    );
    const ended = [names.join(delimiter), ...lines].map((line, index) => line + (lineEnds[index] ?? '\n')).join('');
    return { delimiter, text: lastLineEnd ? ended : ended.replace(/\r?\n$/, '') };
  });

function needsQuotes(value: string, delimiter: string): boolean {
  return value.includes(delimiter) || /["\r\n]/.test(value);
}

function quote(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

interface Reference {
  readonly cells: string[][];
  readonly texts: string[];
}

/** What csv-parse reads; it throws on stray quotes and on rows that are short or long. */
function reference(text: string, delimiter: string): Reference {
  const records: string[][] = parse(Buffer.from(text), {
    columns: false,
    encoding: 'latin1',
    delimiter,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
  });
  const message = records[0]?.indexOf('message') ?? -1;
  const cells = records.slice(1);
  return {
    cells,
    texts: cells.map((row) => Buffer.from(row[message] ?? '', 'latin1').toString('utf8')),
  };
}

test('tables are read as csv-parse reads them, in whatever chunks', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async ({ delimiter, text }, size) => {
      const format = delimiter === '\t' ? 'tsv' : 'csv';
      const { raws, texts, damaged } = await readAll(every(size, text), { format });
      const cells = raws.map((raw) => splitCells(raw, delimiter));
      expect({ cells, texts }).toEqual(reference(text, delimiter));
      expect(damaged.size).toBe(0);
    }),
    { numRuns: TABLES, seed: 1 },
  );
});

test('whatever csv-parse reads of a damaged table without complaint is read alike', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(table, fc.nat(), piece, fc.nat(2), async ({ delimiter, text }, at, inserted, removed) => {
      const header = text.includes('\n') ? text.indexOf('\n') + 1 : text.length;
      if (header === text.length) return;
      const offset = header + (at % (text.length - header));
      const mutant = text.slice(0, offset) + inserted + text.slice(offset + removed);
      const expected = orUndefined(() => reference(mutant, delimiter));
      if (!expected) return;
      compared += 1;
      const { raws, texts, damaged } = await readAll(mutant, { format: delimiter === '\t' ? 'tsv' : 'csv' });
      const cells = raws.map((raw) => splitCells(raw, delimiter));
      expect({ cells, texts }).toEqual(expected);
      expect([...damaged.values()].filter((kind) => kind !== 'invalid-utf8')).toEqual([]);
    }),
    { numRuns: TABLES, seed: 2 },
  );
  expect(compared).toBeGreaterThan(TABLES / 10);
});

function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
