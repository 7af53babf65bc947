import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Verdict } from '../../src/types.ts';
import { batch, lines, table, written } from './labelled.ts';

/** Bytes, with those that matter to CSV often among them. */
const cell = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('"', ',', '\t', ';', '\r', '\n', ' ', '\0', 'a', "'", '\\') },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) },
    ),
    { maxLength: 12 },
  )
  .map((characters) => characters.join(''));

const verdict: fc.Arbitrary<Verdict> = fc.record({
  label: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  method: fc.constantFrom('regex', 'embedding_classifier', 'llm', 'fallback'),
});

const delimiter = fc.constantFrom(',', '\t', ';');
const lineEnd = fc.constantFrom('\n' as const, '\r\n' as const);

function readBack(csv: string, by: string, end = '\n'): string[][] {
  return parse(Buffer.from(csv, 'latin1'), { delimiter: by, recordDelimiter: end, encoding: 'latin1' });
}

function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function ours({ label, confidence, method }: Verdict): string[] {
  return [utf8(label), String(Number(confidence.toFixed(4))), method];
}

test('csv-parse reads back from raw lines what went in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, verdict), { maxLength: 6 }),
      fc.constantFrom('csv', 'tsv'),
      async (rows, format) => {
        const messages = rows.map(([message]) => message);
        const text = await written(format, lines, [
          batch(
            messages,
            rows.map(([, given]) => given),
          ),
        ]);
        const expected = rows.map(([message, given], index) => [String(index + 1), message, ...ours(given)]);
        expect(readBack(text, format === 'csv' ? ',' : '\t').slice(1)).toEqual(expected);
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});

test('what we add to a table is what csv-stringify would have written', async () => {
  const world = fc.record({
    rows: fc.array(fc.tuple(fc.array(cell, { minLength: 2, maxLength: 2 }), verdict), { maxLength: 5 }),
    delimiter,
    lineEnd,
  });
  await fc.assert(
    fc.asyncProperty(world, async ({ rows, delimiter: by, lineEnd: end }) => {
      const layout = table(`id${by}message`, { delimiter: by, lineEnd: end });
      const raws = rows.map(([cells]) =>
        stringify([cells], { delimiter: by, eof: false, quote_record_delimiter: true }),
      );
      const text = await written(undefined, layout, [
        batch(
          raws,
          rows.map(([, given]) => given),
        ),
      ]);
      const whole = rows.map(([cells, given]) => [...cells, ...ours(given)]);
      const header = ['id', 'message', 'label', 'confidence', 'method'];
      expect(text).toBe(
        stringify([header, ...whole], { delimiter: by, record_delimiter: end, quote_record_delimiter: true }),
      );
      expect(readBack(text, by, end).slice(1)).toEqual(whole);
    }),
    { numRuns: 2000, seed: 2 },
  );
});

test('whatever a row holds, csv-parse finds our cells, and the next row whole', async () => {
  const raw = cell.map((text) => text.replaceAll(/[\r\n]/g, ''));
  await fc.assert(
    fc.asyncProperty(raw, verdict, async (damaged, given) => {
      const text = await written('csv', table('a,b'), [batch([damaged, 'x,y'], [given, given])]);
      const rows = parse(Buffer.from(text, 'latin1'), {
        encoding: 'latin1',
        relaxQuotes: true,
        relaxColumnCount: true,
        recordDelimiter: '\n',
      });
      expect(rows).toHaveLength(3);
      expect(rows[1]?.slice(-3)).toEqual(ours(given));
      expect(rows[1]?.length).toBeGreaterThanOrEqual(5);
      expect(rows[2]).toEqual(['x', 'y', ...ours(given)]);
    }),
    { numRuns: 5000, seed: 3 },
  );
});

test('JSON reads back from raw lines what went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), verdict, async (message, given) => {
      const text = await written('jsonl', lines, [batch([utf8(message)], [given])]);
      expect(JSON.parse(Buffer.from(text, 'latin1').toString('utf8'))).toEqual({
        line: 1,
        message,
        label: given.label,
        confidence: Number(given.confidence.toFixed(4)),
        method: given.method,
      });
    }),
    { numRuns: 2000, seed: 4 },
  );
});
