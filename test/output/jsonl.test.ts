import { expect, test } from 'vitest';
import { batch, bytes, lines, storage, table, written } from './labelled.ts';

const OURS = '"label":"storage","confidence":0.875,"method":"embedding_classifier"';

test('raw lines become objects of line, message and our members', async () => {
  expect(await written('jsonl', lines, [batch(['say "hi"', ''], undefined, 7)])).toBe(
    `{"line":7,"message":"say \\"hi\\"",${OURS}}\n{"line":8,"message":"",${OURS}}\n`,
  );
});

test('cells become strings under their column names, unquoted', async () => {
  const rows = await written('jsonl', table('id,message'), [batch(['1, "a, ""b"""', bytes('2,"é\n😀"'), '3'])]);
  expect(rows).toBe(
    bytes(
      `{"id":"1","message":"a, \\"b\\"",${OURS}}\n{"id":"2","message":"é\\n😀",${OURS}}\n{"id":"3","message":"",${OURS}}\n`,
    ),
  );
});

test('no cell is lost to a column of the same name or to a header that is too short', async () => {
  const rows = await written('jsonl', table('a,a,a_2,a,column_5'), [
    batch(['1,2,3,4,5,6', '1,2,3,4,5', '1,2,3,4,5,6,7']),
  ]);
  const common = '"a":"1","a_3":"2","a_2":"3","a_4":"4","column_5":"5"';
  expect(rows).toBe(
    `{${common},"column_6":"6",${OURS}}\n{${common},${OURS}}\n{${common},"column_6":"6","column_7":"7",${OURS}}\n`,
  );
});

test('a cell beyond the header takes no name that a column has', async () => {
  const rows = await written('jsonl', table('column_3,b'), [batch(['1,2,3'])]);
  expect(rows).toBe(`{"column_3":"1","b":"2","column_3_2":"3",${OURS}}\n`);
});

test('members of the input keep the names that we would take', async () => {
  const rows = await written('jsonl', table('label,message'), [batch(['old,x'])]);
  expect(rows).toBe(
    '{"label":"old","message":"x","logiq_label":"storage","confidence":0.875,"method":"embedding_classifier"}\n',
  );
});

test('bytes that are no UTF-8 become U+FFFD and control characters escapes', async () => {
  const rows = await written('jsonl', lines, [batch(['a\xffb\0\x1b[1m'])]);
  expect(rows).toBe(bytes(`{"line":1,"message":"a\uFFFDb\\u0000\\u001b[1m",${OURS}}\n`));
});

test('explain adds the rule, null where no rule decided', async () => {
  const byRule = { ...storage, rule: 'disk-full' };
  const rows = await written('jsonl', lines, [batch(['a', 'b'], [byRule, storage])], { explain: true });
  expect(rows).toBe(
    `{"line":1,"message":"a",${OURS},"rule":"disk-full"}\n{"line":2,"message":"b",${OURS},"rule":null}\n`,
  );
});

test('empty input gives nothing', async () => {
  expect(await written('jsonl', table('a,b'), [])).toBe('');
});
