import { expect, test } from 'vitest';
import { countReplaced, decodeText, encodeText, stripEscapes } from '../../src/input/text.ts';

test('escape sequences of every kind are taken off', () => {
  expect(stripEscapes('\u001b[1;31mred\u001b[0m \u001b[38:2::1:2:3mx\u001b[K')).toBe('red x');
  expect(stripEscapes('\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\')).toBe('alink');
  expect(stripEscapes('\u001bP1;2q#0\u001b\\b\u001b(Bc\u001b7d\u001bMe')).toBe('bcde');
});

test('an unfinished sequence takes no text below it', () => {
  expect(stripEscapes('a\u001b')).toBe('a\u001b');
  expect(stripEscapes('a\u001b[31')).toBe('a31');
});

test('text and bytes are each other’s inverse', () => {
  expect(decodeText(encodeText('é€😀'))).toBe('é€😀');
  expect(encodeText('é')).toBe('\u00c3\u00a9');
});

test('replaced sequences are counted, replacement characters of the input are not', () => {
  const bytes = '\u00ef\u00bf\u00bd \u00e9 \u00ff';
  expect(countReplaced(bytes, decodeText(bytes))).toBe(2);
});
