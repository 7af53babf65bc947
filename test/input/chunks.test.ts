import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { chunked, every, readAll } from './read.ts';

const nasty = Buffer.concat([
  Buffer.from('\ufeffid,log_message,näme\r\n1,é € 😀,a\r\n2,"é, ""€""\r\n😀", b\n'),
  Buffer.from('3,stray " quote,c\n4,"open,d\r\n\r\n5, "blank before, ""x""" ,e\n6,short\n7,a,b,c,d\n'),
  Buffer.from('8,"bad" close,f\n9,\u001b[31mred\u001b[0m,g\n10,nul\0,h\n11,caf\xe9 \xf0\x9f,i\n', 'latin1'),
  Buffer.from('12,"a\n\nb",""\r\n13,"","\n"\n14,"x","last\r\ncell"'),
]);

test('a nasty table is the same wherever its bytes are split', async () => {
  const whole = await readAll(nasty, { column: 'log_message' });
  expect(whole.raws).toHaveLength(14);
  expect(whole.texts.slice(0, 5)).toEqual(['é € 😀', 'é, "€"\r\n😀', 'stray " quote', '"open', 'blank before, "x"']);
  for (let at = 0; at <= nasty.length; at += 1) {
    const parts = chunked(nasty.subarray(0, at), nasty.subarray(at));
    const { batchSizes: _, ...read } = await readAll(parts, { column: 'log_message' });
    expect({ ...read, batchSizes: [] }, `split at ${at}`).toEqual({ ...whole, batchSizes: [] });
  }
});

test('lines, JSON and tables are the same in chunks of any size', async () => {
  const table = Buffer.concat([nasty, Buffer.from('\n'), ...Array.from({ length: 400 }, () => nasty.subarray(26))]);
  for (const format of ['csv', 'lines'] as const) {
    const options = { format, ...(format === 'csv' && { column: 'log_message' }) };
    const whole = await readAll(table, options);
    for (const size of [1, 2, 3, 7, 64, 255, 4096, 65_535, 65_536, 65_537]) {
      const { batchSizes: _, ...read } = await readAll(every(size, table), options);
      expect({ ...read, batchSizes: [] }, `chunks of ${size}`).toEqual({ ...whole, batchSizes: [] });
    }
  }
});
