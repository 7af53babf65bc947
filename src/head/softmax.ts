/**
 * Softmax of each row, in place, with the row's maximum taken off first so that no exponent overflows.
 *
 * @param scores Shape [rows, classes].
 */
export function softmaxRows(scores: Float64Array, classes: number): void {
  for (let start = 0; start < scores.length; start += classes) softmaxRow(scores, start, start + classes);
}

function softmaxRow(scores: Float64Array, start: number, end: number): void {
  let top = -Infinity;
  for (let i = start; i < end; i++) top = Math.max(top, scores[i]!);
  let sum = 0;
  for (let i = start; i < end; i++) {
    scores[i] = Math.exp(scores[i]! - top);
    sum += scores[i]!;
  }
  for (let i = start; i < end; i++) scores[i]! /= sum;
}
