/**
 * Copies rows of a matrix.
 *
 * @param values Shape [rows, columns], row after row.
 * @param indices Rows to take.
 * @returns Shape [indices.length, columns], in the order of `indices`.
 */
export function pickRows<T extends Float32Array | Float64Array>(
  values: T,
  indices: readonly number[],
  columns: number,
): T {
  const picked = new (values.constructor as new (length: number) => T)(indices.length * columns);
  for (const [to, from] of indices.entries()) {
    picked.set(values.subarray(from * columns, (from + 1) * columns), to * columns);
  }
  return picked;
}
