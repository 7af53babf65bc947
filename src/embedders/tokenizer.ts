import { LogiqError } from '../errors.ts';

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
 * @param path Only for messages.
 * @throws {LogiqError} E_MODEL_DAMAGED when it is not JSON, E_EMBEDDER when it is of a kind that is not known.
 */
export async function createTokenizer(
  tokenizerJson: string,
  maxTokens: number,
  path = 'tokenizer.json',
): Promise<Tokenize> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  const settings = parse(tokenizerJson, path);
  try {
    const tokenizer = new Tokenizer(settings, {});
    const closing = tokenizer.encode('').ids.at(-1);
    return (text) => truncate(tokenizer.encode(capLength(text)).ids, maxTokens, closing);
  } catch (cause) {
    throw new LogiqError('E_EMBEDDER', `${path} cannot be used: ${String(cause)}`, 'Use another encoder.', { cause });
  }
}

function parse(json: string, path: string): object {
  try {
    return JSON.parse(json) as object;
  } catch (cause) {
    throw new LogiqError('E_MODEL_DAMAGED', `${path} is not JSON: ${String(cause)}`, undefined, { cause });
  }
}

/** @param closing Special token at the end of every text; undefined, or one that starts a text, where there is none. */
function truncate(ids: readonly number[], maxTokens: number, closing: number | undefined): readonly number[] {
  if (ids.length <= maxTokens) return ids;
  const last = ids.at(-1)!;
  return last === closing ? [...ids.slice(0, maxTokens - 1), last] : ids.slice(0, maxTokens);
}

function capLength(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  const splitsPair = isHighSurrogate(text.charCodeAt(MAX_TEXT_CHARS - 1));
  return text.slice(0, splitsPair ? MAX_TEXT_CHARS - 1 : MAX_TEXT_CHARS);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
