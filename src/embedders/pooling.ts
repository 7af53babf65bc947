/**
 * Mean over tokens, then L2 norm.
 * Source: sentence-transformers `Pooling(pooling_mode_mean_tokens)` and `Normalize`; fixtures/parity/embeddings.json.
 *
 * @param hidden One text's last hidden state, shape [tokens, dim], without padding.
 * @param out Where the unit vector is written, length dim. A zero state stays zero.
 */
export function poolMean(hidden: Float32Array, out: Float32Array): void {
  const dim = out.length;
  const sum = new Float64Array(dim);
  for (let start = 0; start < hidden.length; start += dim) {
    for (let k = 0; k < dim; k++) sum[k]! += hidden[start + k]!;
  }
  let squares = 0;
  for (let k = 0; k < dim; k++) squares += sum[k]! * sum[k]!;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let k = 0; k < dim; k++) out[k] = sum[k]! * scale;
}
