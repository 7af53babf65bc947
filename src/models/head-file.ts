import { endianness } from 'node:os';
import { LogiqError } from '../errors.ts';
import type { Head } from '../head/predict.ts';

/** Name of the weights' file in a model folder: float32, little-endian, coef [classes, columns], then intercept [classes]. */
export const HEAD_FILE = 'head.bin';

export function encodeHead(head: Head): Buffer<ArrayBuffer> {
  const weights = Float32Array.from([...head.coef, ...head.intercept]);
  return swapOnBigEndian(Buffer.from(weights.buffer));
}

/** @throws {LogiqError} E_MODEL_SHAPE when `bytes` are not the weights of so many classes and columns. */
export function decodeHead(bytes: Uint8Array, classes: number, columns: number): Head {
  const size = classes * columns;
  if (bytes.length !== 4 * (size + classes)) {
    throw new LogiqError(
      'E_MODEL_SHAPE',
      `${HEAD_FILE} holds ${bytes.length} bytes, which are not ${classes} classes of ${columns} columns.`,
      'Train the model again.',
    );
  }
  const own = swapOnBigEndian(Buffer.copyBytesFrom(bytes));
  const weights = new Float32Array(own.buffer, own.byteOffset, size + classes);
  return {
    classes,
    columns,
    coef: Float64Array.from(weights.subarray(0, size)),
    intercept: Float64Array.from(weights.subarray(size)),
  };
}

function swapOnBigEndian(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return endianness() === 'BE' ? bytes.swap32() : bytes;
}
