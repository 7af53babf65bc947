import { endianness } from 'node:os';
import { LogiqError } from '../errors.ts';
import { BUCKETS } from '../head/ngrams.ts';
import { toVocabulary } from '../head/tfidf.ts';
import type { LexicalHead, NgramWeights, QuantisedWeights } from './ngram-weights.ts';

/** The inverse document frequencies, float32 [BUCKETS], then scales float32 [classes], then weights int8 [columns, classes]. */
export const NGRAMS_FILE = 'ngrams.bin';
/** Of the head over n-grams alone: intercept float32 [classes], scales, and weights where they are not those of `NGRAMS_FILE`. */
export const LEXICAL_FILE = 'lexical.bin';

export function encodeNgrams({ vocabulary, scales, weights }: NgramWeights): Uint8Array<ArrayBuffer> {
  return join(toBytes(vocabulary.idf), toBytes(scales), weights);
}

/** @param ngrams The joint head's. */
export function encodeLexical(lexical: LexicalHead, ngrams: NgramWeights | undefined): Uint8Array<ArrayBuffer> {
  const { intercept, scales, weights } = lexical;
  const own = weights === ngrams?.weights ? [] : [weights];
  return join(toBytes(intercept), toBytes(scales), ...own);
}

/** @throws {LogiqError} E_MODEL_SHAPE when `bytes` are not the weights of so many classes and columns. */
export function decodeNgrams(bytes: Uint8Array, classes: number, columns: number): NgramWeights {
  checkSize(NGRAMS_FILE, bytes, 4 * BUCKETS + sizeOf(classes, columns));
  const vocabulary = toVocabulary(toFloats(bytes.subarray(0, 4 * BUCKETS)));
  checkSize(NGRAMS_FILE, bytes, 4 * BUCKETS + sizeOf(classes, vocabulary.columns));
  return { vocabulary, ...decodeWeights(bytes.subarray(4 * BUCKETS), classes) };
}

/**
 * @param ngrams The joint head's.
 * @throws {LogiqError} E_MODEL_SHAPE as `decodeNgrams`.
 */
export function decodeLexical(
  bytes: Uint8Array,
  classes: number,
  ngrams: NgramWeights,
  facts: Pick<LexicalHead, 'temperature' | 'threshold'>,
): LexicalHead {
  const isShared = bytes.length === 4 * classes + sizeOf(classes, 0);
  if (!isShared) checkSize(LEXICAL_FILE, bytes, 4 * classes + sizeOf(classes, ngrams.vocabulary.columns));
  const { scales, weights } = decodeWeights(bytes.subarray(4 * classes), classes);
  return {
    ...facts,
    intercept: toFloats(bytes.subarray(0, 4 * classes)),
    scales,
    weights: isShared ? ngrams.weights : weights,
  };
}

function decodeWeights(bytes: Uint8Array, classes: number): QuantisedWeights {
  const own = bytes.subarray(4 * classes);
  const weights = new Int8Array(own.buffer, own.byteOffset, own.length); // not a copy: there are millions
  return { scales: toFloats(bytes.subarray(0, 4 * classes)), weights };
}

function sizeOf(classes: number, columns: number): number {
  return 4 * classes + classes * columns;
}

function checkSize(file: string, bytes: Uint8Array, size: number): void {
  if (bytes.length === size) return;
  throw new LogiqError('E_MODEL_SHAPE', `${file} holds ${bytes.length} bytes, not ${size}.`, 'Train the model again.');
}

function toBytes(values: Float32Array): Buffer<ArrayBuffer> {
  return swapOnBigEndian(Buffer.from(Float32Array.from(values).buffer));
}

function toFloats(bytes: Uint8Array): Float32Array {
  const own = swapOnBigEndian(Buffer.copyBytesFrom(bytes));
  return Float32Array.from(new Float32Array(own.buffer, own.byteOffset, own.length / 4));
}

function join(...parts: readonly (Uint8Array | Int8Array)[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part.buffer, part.byteOffset, part.length), at);
    at += part.length;
  }
  return whole;
}

function swapOnBigEndian(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return endianness() === 'BE' ? bytes.swap32() : bytes;
}
