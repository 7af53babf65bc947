import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { chunked, every, readAll } from './read.ts';

const utf16le = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('id,message\r\n1,é € 😀\r\n2,b\r\n', 'utf16le')]);
const utf16be = Buffer.from(utf16le).swap16();

test('UTF-16 is told by its byte order mark and carried in UTF-8', async () => {
  for (const input of [utf16le, utf16be]) {
    for (const size of [1, 2, 3, 1000]) {
      const { raws, texts, layout, damage } = await readAll(every(size, input));
      expect(texts).toEqual(['é € 😀', 'b']);
      expect(raws[0]).toBe(Buffer.from('1,é € 😀').toString('latin1'));
      expect(layout).toMatchObject({ header: 'id,message', lineEnd: '\r\n' });
      expect(damage).toEqual({});
    }
  }
  expect((await readAll(utf16le)).reason).toBe('csv (header has "message", delimiter ",", utf-16le)');
});

test('a named encoding is decoded', async () => {
  expect((await readAll(Buffer.from('caf\xe9', 'latin1'), { encoding: 'latin1' })).texts).toEqual(['café']);
  expect((await readAll(Buffer.from([0x93, 0xfa, 0x96, 0x7b]), { encoding: 'shift_jis' })).texts).toEqual(['日本']);
  expect((await readAll(chunked('a\n'), { encoding: 'utf-8' })).texts).toEqual(['a']);
});

test('what an encoding has no meaning for is counted', async () => {
  const { texts, damage } = await readAll(Buffer.from([0x61, 0x0a, 0x93, 0xff, 0x0a]), { encoding: 'shift_jis' });
  expect(texts[1]).toContain('\ufffd');
  expect(damage['invalid-utf8']).toMatchObject({ firstRow: 2 });
});

test('an unknown encoding suggests the nearest', async () => {
  await expect(readAll('a', { encoding: 'shift_jsi' })).rejects.toMatchObject({
    code: 'E_USAGE',
    message: 'There is no encoding "shift_jsi".',
    hint: 'Did you mean "shift_jis"? Names are those of the WHATWG Encoding Standard.',
  });
});
