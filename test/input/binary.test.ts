import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { isBinary } from '../../src/input/binary.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

test.each([
  ['an empty file', ''],
  ['a log', '2026-01-01 one\n\t\u001b[31mtwo\u001b[0m\r\n'],
  ['another alphabet in whatever encoding', '\u0093\u00fa\u0096\u007b \u00ef\u00bf\u00bd \u00ff\n'],
  ['fields separated by a control character', '8=FIX.4.2\u00019=176\u000135=8\u000149=A\u000156=B\u0001\n'],
  ['the odd NUL', `${'all is well\n'.repeat(9)}\0\n`],
  ['a log that was emptied under its writer', `${'\0'.repeat(5000)}2026-01-01 one\n`],
])('%s is text', (_name, text) => {
  expect(isBinary(bytes(text))).toBe(false);
});

test.each([
  ['zeros', '\0'.repeat(100)],
  ['a picture', '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\u0002\u0080\0\0\u0001\u00e0\u0008\u0006'],
  ['login records', `\u0002\0\0\0\0\0\0\0~\0\0\0reboot${'\0'.repeat(340)}`],
  ['UTF-16 without its mark', 'o\0n\0e\0\n\0'],
])('%s are no text', (_name, text) => {
  expect(isBinary(bytes(text))).toBe(true);
});

test('random bytes are no text', () => {
  expect(isBinary(randomFillSync(Buffer.alloc(64 * 1024)))).toBe(true);
});
