import { pickRows } from './pick-rows.ts';
import type { SparseRows } from './sparse.ts';

/**
 * What a head sees of n texts, as the products that fitting and predicting need. A head knows no more of its
 * features, so hashed n-grams are one more file with this shape, and `sideBySide` puts them next to an embedding.
 */
export interface Features {
  readonly rows: number;
  readonly columns: number;
  /** What it is made of, side by side; `joinParts` makes the same of them, in another thread. */
  readonly parts: readonly FeaturePart[];
  /**
   * Adds x · weightsᵀ to `scores`.
   *
   * @param weights Shape [classes, stride]; this block's columns start at `offset` in each row.
   * @param scores Shape [rows, classes].
   */
  addScores(weights: Float64Array, stride: number, offset: number, scores: Float64Array): void;
  /**
   * Adds residualsᵀ · x to `gradient`.
   *
   * @param residuals Shape [rows, classes].
   * @param gradient Shape [classes, stride]; this block's columns start at `offset` in each row.
   */
  addGradient(residuals: Float64Array, gradient: Float64Array, stride: number, offset: number): void;
  /**
   * Adds x · xᵀ · shares to `image`: the scores of the weights xᵀ · shares.
   *
   * @param shares Shape [rows, classes].
   * @param image Shape [rows, classes].
   * @returns Largest of those weights, signs aside.
   */
  addGram(shares: Float64Array, image: Float64Array, classes: number): number;
  /** @returns The rows `indices`, in that order. */
  select(indices: readonly number[]): Features;
}

export type FeaturePart = DenseRows | SparseRows;

export interface DenseRows {
  readonly columns: number;
  /** Shape [rows, columns], row after row. */
  readonly values: Float32Array;
}

/** @param values Shape [rows, columns], row after row. */
export function denseFeatures(values: Float32Array, columns: number): Features {
  const rows = values.length / columns;
  const block: Features = {
    rows,
    columns,
    parts: [{ columns, values }],
    addScores(weights, stride, offset, scores) {
      const classes = weights.length / stride;
      for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
        const count = Math.min(ROWS_AT_ONCE, rows - row);
        for (let c = 0; c < classes; c++) {
          const at = c * stride + offset;
          addDots(values, row * columns, weights, at, columns, count, scores, row * classes + c, classes);
        }
      }
    },
    addGradient(residuals, gradient, stride, offset) {
      const classes = gradient.length / stride;
      for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
        const count = Math.min(ROWS_AT_ONCE, rows - row);
        for (let c = 0; c < classes; c++) {
          const at = c * stride + offset;
          addMultiples(values, row * columns, residuals, row * classes + c, classes, count, gradient, at, columns);
        }
      }
    },
    addGram(shares, image, classes) {
      const weights = new Float64Array(classes * columns);
      block.addGradient(shares, weights, columns, 0);
      block.addScores(weights, columns, 0, image);
      return largest(weights);
    },
    select: (indices) => denseFeatures(pickRows(values, indices, columns), columns),
  };
  return block;
}

/** @param blocks All of the same number of rows. */
export function sideBySide(blocks: readonly Features[]): Features {
  const offsets: number[] = [];
  let columns = 0;
  for (const block of blocks) {
    offsets.push(columns);
    columns += block.columns;
  }
  return {
    rows: blocks[0]?.rows ?? 0,
    columns,
    parts: blocks.flatMap(({ parts }) => parts),
    addScores(weights, stride, offset, scores) {
      for (const [i, block] of blocks.entries()) block.addScores(weights, stride, offset + offsets[i]!, scores);
    },
    addGradient(residuals, gradient, stride, offset) {
      for (const [i, block] of blocks.entries()) block.addGradient(residuals, gradient, stride, offset + offsets[i]!);
    },
    addGram: (shares, image, classes) => Math.max(...blocks.map((block) => block.addGram(shares, image, classes))),
    select: (indices) => sideBySide(blocks.map((block) => block.select(indices))),
  };
}

/** Largest of the values, signs aside. */
export function largest(values: Float64Array): number {
  let top = 0;
  for (const value of values) top = Math.max(top, Math.abs(value));
  return top;
}

/** A class's weights are read once for so many rows, which halves the time of a fit. */
const ROWS_AT_ONCE = 4;

/** Adds the dot products of `count` rows of x and one row of w to every `stride`-th score. */
function addDots(
  x: Float32Array,
  xStart: number,
  w: Float64Array,
  wStart: number,
  columns: number,
  count: number,
  scores: Float64Array,
  scoreStart: number,
  stride: number,
): void {
  if (count < ROWS_AT_ONCE) {
    for (let row = 0; row < count; row++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += x[xStart + row * columns + k]! * w[wStart + k]!;
      scores[scoreStart + row * stride]! += sum;
    }
    return;
  }
  const second = xStart + columns;
  const third = second + columns;
  const fourth = third + columns;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let k = 0; k < columns; k++) {
    const weight = w[wStart + k]!;
    a += x[xStart + k]! * weight;
    b += x[second + k]! * weight;
    c += x[third + k]! * weight;
    d += x[fourth + k]! * weight;
  }
  scores[scoreStart]! += a;
  scores[scoreStart + stride]! += b;
  scores[scoreStart + 2 * stride]! += c;
  scores[scoreStart + 3 * stride]! += d;
}

/** Adds `count` rows of x, each times its factor, to one row of `out`. */
function addMultiples(
  x: Float32Array,
  xStart: number,
  factors: Float64Array,
  factorStart: number,
  stride: number,
  count: number,
  out: Float64Array,
  outStart: number,
  columns: number,
): void {
  if (count < ROWS_AT_ONCE) {
    for (let row = 0; row < count; row++) {
      const factor = factors[factorStart + row * stride]!;
      for (let k = 0; k < columns; k++) out[outStart + k]! += factor * x[xStart + row * columns + k]!;
    }
    return;
  }
  const second = xStart + columns;
  const third = second + columns;
  const fourth = third + columns;
  const a = factors[factorStart]!;
  const b = factors[factorStart + stride]!;
  const c = factors[factorStart + 2 * stride]!;
  const d = factors[factorStart + 3 * stride]!;
  for (let k = 0; k < columns; k++) {
    out[outStart + k]! += a * x[xStart + k]! + b * x[second + k]! + c * x[third + k]! + d * x[fourth + k]!;
  }
}
