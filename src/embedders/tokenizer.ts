import type { Tokenizer } from '@huggingface/tokenizers';

/**
 * Longest text, in UTF-16 units, that is tokenised; the rest is dropped. Even at one token for 32 characters this fills
 * the 256 tokens that the encoder reads.
 */
export const MAX_TEXT_CHARS = 8192;

/** Texts to token ids. */
export interface Tokenize {
  /**
   * @returns Ids with the model's special tokens, at most `maxTokens` of them: the text's end is dropped, the closing
   * special token never is.
   */
  (text: string): readonly number[];
}

/**
 * `@huggingface/tokenizers` with the truncation that it leaves to its caller (it ignores that part of tokenizer.json).
 *
 * @param tokenizerJson Text of tokenizer.json.
 * @throws {SyntaxError} when it is not JSON.
 */
export async function createTokenizer(tokenizerJson: string, maxTokens: number): Promise<Tokenize> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  const tokenizer = new Tokenizer(JSON.parse(tokenizerJson) as object, {});
  return (text) => truncate(tokenizer.encode(capLength(text)), maxTokens);
}

function truncate({ ids }: ReturnType<Tokenizer['encode']>, maxTokens: number): readonly number[] {
  if (ids.length <= maxTokens) return ids;
  return [...ids.slice(0, maxTokens - 1), ids[ids.length - 1]!];
}

function capLength(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  const splitsPair = isHighSurrogate(text.charCodeAt(MAX_TEXT_CHARS - 1));
  return text.slice(0, splitsPair ? MAX_TEXT_CHARS - 1 : MAX_TEXT_CHARS);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
