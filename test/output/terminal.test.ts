import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible, visibleChunks } from '../../src/output/terminal.ts';
import { each } from './labelled.ts';

const BIDI = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';

/** What must not reach a terminal, told by ranges and not by the expression under test. */
function isObeyed(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 0x20) return code !== 0x09 && code !== 0x0a;
  return (code >= 0x7f && code <= 0x9f) || code === 0x2028 || code === 0x2029 || BIDI.includes(character);
}

const controls = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(isObeyed);

test.each([
  ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
  ['\x1bP+q\x1b\\', '\\x1bP+q\\x1b\\'],
  ['\x9b2J \x90q\x9c', '\\x9b2J \\x90q\\x9c'],
  ['100%\rgone', '100%\\x0dgone'],
  ['secret\b\b\b\x7f', 'secret\\x08\\x08\\x08\\x7f'],
  ['user\u202egnp.exe', 'user\\u202egnp.exe'],
  ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
  ['é 😀 日本語 \\x1b', 'é 😀 日本語 \\x1b'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('each of the 77 characters that a terminal obeys becomes an escape of its own', () => {
  expect(controls).toHaveLength(77);
  const shown = controls.map(visible);
  expect(new Set(shown).size).toBe(controls.length);
  for (const text of shown) expect(text).toMatch(/^\\(?:x[0-9a-f]{2}|u[0-9a-f]{4})$/);
});

test('no text lets one through, and text without one is left alone', () => {
  const character = fc.oneof(fc.constantFrom(...controls), fc.string({ unit: 'binary', maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(character), (parts) => {
      const text = parts.join('');
      const shown = visible(text);
      expect(Array.from(shown).some(isObeyed)).toBe(false);
      expect(visible(shown)).toBe(shown);
      if (!Array.from(text).some(isObeyed)) expect(shown).toBe(text);
    }),
    { numRuns: 2000, seed: 19 },
  );
});

test('no bytes of a row let one through', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
      for await (const chunk of visibleChunks(each([bytes]))) {
        expect(Array.from(Buffer.from(chunk).toString('utf8')).some(isObeyed)).toBe(false);
      }
    }),
    { numRuns: 2000, seed: 20 },
  );
});
