import { denseFeatures, largest, sideBySide, type FeaturePart, type Features } from './features.ts';

/** Rows of few non-zero values, as compressed sparse rows (CSR). */
export interface SparseRows {
  readonly columns: number;
  /** Row r has the entries from `starts[r]` up to `starts[r + 1]`; length rows + 1. */
  readonly starts: Int32Array;
  /** Column of each entry, in [0, columns). */
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/**
 * A sparse block of features; `sideBySide` puts it next to an embedding.
 *
 * Inside, one column's weights stand together, padded to a multiple of four classes, so that an entry touches one place in
 * memory and four classes at a time stay in registers: twice as fast as a class, or an entry, after the other.
 */
export function sparseFeatures(x: SparseRows): Features {
  const { columns, starts } = x;
  const rows = starts.length - 1;
  let scratch = new Float64Array(0);
  /** Fills `scratch` with residualsᵀ · x, a column's classes together. */
  const slopesOf = (residuals: Float64Array, classes: number): void => {
    const padded = padTo4(classes);
    if (scratch.length === columns * padded) scratch.fill(0);
    else scratch = new Float64Array(columns * padded);
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < padded; c += 4) addRowSlopes(x, row, scratch, padded, c, residuals, classes);
    }
  };
  /** Adds x · scratch. */
  const scoresOf = (scores: Float64Array, classes: number): void => {
    const padded = padTo4(classes);
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < padded; c += 4) addRowScores(x, row, scratch, padded, c, scores, classes);
    }
  };
  return {
    rows,
    columns,
    parts: [x],
    addScores(weights, stride, offset, scores) {
      const classes = weights.length / stride;
      const padded = padTo4(classes);
      if (scratch.length !== columns * padded) scratch = new Float64Array(columns * padded);
      for (let c = 0; c < classes; c++) {
        for (let k = 0, from = c * stride + offset; k < columns; k++) scratch[k * padded + c] = weights[from + k]!;
      }
      scoresOf(scores, classes);
    },
    addGradient(residuals, gradient, stride, offset) {
      const classes = gradient.length / stride;
      const padded = padTo4(classes);
      slopesOf(residuals, classes);
      for (let c = 0; c < classes; c++) {
        for (let k = 0, to = c * stride + offset; k < columns; k++) gradient[to + k]! += scratch[k * padded + c]!;
      }
    },
    addGram(shares, image, classes) {
      slopesOf(shares, classes);
      scoresOf(image, classes);
      return largest(scratch);
    },
    select: (rowsWanted) => sparseFeatures(selectSparse(x, rowsWanted)),
  };
}

/** @returns The features that `parts` were taken from. */
export function joinParts(parts: readonly FeaturePart[]): Features {
  return sideBySide(
    parts.map((part) => ('starts' in part ? sparseFeatures(part) : denseFeatures(part.values, part.columns))),
  );
}

function padTo4(classes: number): number {
  return Math.ceil(classes / 4) * 4;
}

/** Adds one row's scores of the classes `c` to `c + 3`, as far as there are so many. */
function addRowScores(
  { starts, indices, values }: SparseRows,
  row: number,
  weights: Float64Array,
  stride: number,
  c: number,
  scores: Float64Array,
  classes: number,
): void {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  const end = starts[row + 1]!;
  for (let entry = starts[row]!; entry < end; entry++) {
    const value = values[entry]!;
    const at = indices[entry]! * stride + c;
    first += value * weights[at]!;
    second += value * weights[at + 1]!;
    third += value * weights[at + 2]!;
    fourth += value * weights[at + 3]!;
  }
  const to = row * classes + c;
  scores[to]! += first;
  if (c + 1 < classes) scores[to + 1]! += second;
  if (c + 2 < classes) scores[to + 2]! += third;
  if (c + 3 < classes) scores[to + 3]! += fourth;
}

/** Adds what one row says of the slopes of the classes `c` to `c + 3`; classes beyond the last one get zeros. */
function addRowSlopes(
  { starts, indices, values }: SparseRows,
  row: number,
  slopes: Float64Array,
  stride: number,
  c: number,
  residuals: Float64Array,
  classes: number,
): void {
  const from = row * classes + c;
  const first = residuals[from]!;
  const second = c + 1 < classes ? residuals[from + 1]! : 0;
  const third = c + 2 < classes ? residuals[from + 2]! : 0;
  const fourth = c + 3 < classes ? residuals[from + 3]! : 0;
  const end = starts[row + 1]!;
  for (let entry = starts[row]!; entry < end; entry++) {
    const value = values[entry]!;
    const at = indices[entry]! * stride + c;
    slopes[at]! += value * first;
    slopes[at + 1]! += value * second;
    slopes[at + 2]! += value * third;
    slopes[at + 3]! += value * fourth;
  }
}

/** @returns The rows `rows`, in that order. */
export function selectSparse({ columns, starts, indices, values }: SparseRows, rows: readonly number[]): SparseRows {
  const chosen = new Int32Array(rows.length + 1);
  for (const [to, from] of rows.entries()) chosen[to + 1] = chosen[to]! + starts[from + 1]! - starts[from]!;
  const entries = chosen[rows.length]!;
  const chosenIndices = new Int32Array(entries);
  const chosenValues = new Float32Array(entries);
  for (const [to, from] of rows.entries()) {
    chosenIndices.set(indices.subarray(starts[from], starts[from + 1]), chosen[to]);
    chosenValues.set(values.subarray(starts[from], starts[from + 1]), chosen[to]);
  }
  return { columns, starts: chosen, indices: chosenIndices, values: chosenValues };
}
