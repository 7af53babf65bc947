import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTokenizer, MAX_TEXT_CHARS, type Tokenize } from '../../src/embedders/tokenizer.ts';
import { BUNDLED, readParity } from './fixtures.ts';

async function bundled(maxTokens: number): Promise<Tokenize> {
  return createTokenizer(await readFile(join(BUNDLED, 'tokenizer.json'), 'utf8'), maxTokens);
}

test('ids equal those of the Python tokenizers library on 500 texts', async () => {
  const rows = await readParity<ReadonlyArray<{ text: string; ids: readonly number[] }>>('tokens.json');
  const tokenize = await bundled(64);
  const different = rows.filter(({ text, ids }) => tokenize(text).join() !== ids.join());
  expect(rows).toHaveLength(500);
  expect(different).toEqual([]);
});

test('a text that is too long keeps its first tokens and the closing one', async () => {
  const whole = (await bundled(64))('disk full on node');
  const cut = (await bundled(5))('disk full on node');
  expect(whole).toHaveLength(6);
  expect(cut).toEqual([...whole.slice(0, 4), whole[5]]);
});

test('a text within the limit is not cut', async () => {
  const tokenize = await bundled(6);
  expect(tokenize('disk full on node')).toHaveLength(6);
});

test('an endless text costs no more than the first characters', async () => {
  const tokenize = await bundled(MAX_TEXT_CHARS);
  expect(tokenize('a '.repeat(MAX_TEXT_CHARS))).toHaveLength(MAX_TEXT_CHARS / 2 + 2);
});

test('the cut never halves a character', async () => {
  const tokenize = await bundled(MAX_TEXT_CHARS);
  const filler = 'a '.repeat(MAX_TEXT_CHARS / 2 - 1);
  expect(tokenize(`${filler}b😀`)).toEqual(tokenize(`${filler}b`));
});
