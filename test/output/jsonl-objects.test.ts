import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Layout } from '../../src/types.ts';
import { batch, bytes, storage, written } from './labelled.ts';

const json: Layout = { kind: 'json' };
const OURS = '"label":"storage","confidence":0.875,"method":"embedding_classifier"';

async function extended(...raws: readonly string[]): Promise<string[]> {
  return (await written(undefined, json, [batch(raws)])).split('\n').slice(0, -1);
}

test('an object keeps its bytes and gets our members', async () => {
  const raw = bytes('{ "msg":"é }" , "n": 1.0, "n": 2, "deep":{"label":"x"} }');
  expect(await extended(raw, '{}', ' { } ', '{"a":"}"}', '{"a":"\xff"}')).toEqual([
    `${raw.slice(0, -1)},${OURS}}`,
    `{${OURS}}`,
    ` { ${OURS}} `,
    `{"a":"}",${OURS}}`,
    `{"a":"\xff",${OURS}}`,
  ]);
});

test('a member that has one of our names stays, also when it is spelled with escapes or in capitals', async () => {
  expect(await extended('{"method":"GET"}', '{"l\\u0061bel":1}', '{"Method":1,"logiq_method":2}')).toEqual([
    '{"method":"GET","label":"storage","confidence":0.875,"logiq_method":"embedding_classifier"}',
    '{"l\\u0061bel":1,"logiq_label":"storage","confidence":0.875,"method":"embedding_classifier"}',
    '{"Method":1,"logiq_method":2,"label":"storage","confidence":0.875,"logiq_method_2":"embedding_classifier"}',
  ]);
});

test('what is no object becomes a message; other damage leaves an object whole', async () => {
  const raws = ['panic: "x"', '{"a":1', '[1]', '', '{"a":"\0"}'];
  const damaged = new Map(raws.map((_, index) => [index, index === 4 ? 'nul' : 'not-json'] as const));
  const text = await written(undefined, json, [{ ...batch(raws), damaged }]);
  expect(text.split('\n').slice(0, 4)).toEqual(
    ['"panic: \\"x\\""', '"{\\"a\\":1"', '"[1]"', '""'].map((message) => `{"message":${message},${OURS}}`),
  );
});

test('every object is read back with all it had', async () => {
  const key = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('label', 'method', 'Label', 'logiq_label', 'rule'));
  const object = fc.dictionary(key, fc.jsonValue(), { maxKeys: 5, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(object, async (own) => {
      const raw = JSON.stringify(own);
      const [row = ''] = await extended(bytes(raw));
      const had: object = JSON.parse(raw);
      const back: object = JSON.parse(Buffer.from(row, 'latin1').toString('utf8'));
      expect(Object.keys(back)).toHaveLength(Object.keys(had).length + 3);
      expect(back).toMatchObject(had);
    }),
    { numRuns: 2000, seed: 5 },
  );
});

test('as CSV, the object is the message', async () => {
  expect(await written('csv', json, [batch(['{"a":1}'], [storage], 3)])).toBe(
    'line,message,label,confidence,method\n3,"{""a"":1}",storage,0.875,embedding_classifier\n',
  );
});
