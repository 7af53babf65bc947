/** How one vector is made of a text's token vectors. */
export const poolings = { mean, cls, max } satisfies Record<string, Pool>;
export type Pooling = keyof typeof poolings;

/** @param hidden Shape [tokens, dim], without padding; the result goes to `sum`, length dim. */
type Pool = (hidden: Float32Array, sum: Float64Array) => void;

/**
 * One vector of a text, of L2 norm 1.
 * Source: sentence-transformers `Pooling` and `Normalize`; fixtures/parity/embeddings.json.
 *
 * @param hidden One text's last hidden state, shape [tokens, dim], without padding.
 * @param out Where the unit vector is written, length dim. A zero state stays zero.
 */
export function pool(kind: Pooling, hidden: Float32Array, out: Float32Array): void {
  const pooled = new Float64Array(out.length);
  poolings[kind](hidden, pooled);
  let squares = 0;
  for (let k = 0; k < pooled.length; k++) squares += pooled[k]! * pooled[k]!;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let k = 0; k < pooled.length; k++) out[k] = pooled[k]! * scale;
}

/**
 * The kind that `1_Pooling/config.json` asks for.
 *
 * @returns Undefined for one that is not known here, such as two at once.
 */
export function poolingOf(config: Readonly<Record<string, unknown>>): Pooling | undefined {
  const asked = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const kinds: Readonly<Record<string, Pooling>> = {
    pooling_mode_mean_tokens: 'mean',
    pooling_mode_cls_token: 'cls',
    pooling_mode_max_tokens: 'max',
  };
  return asked.length === 1 ? kinds[asked[0]!] : undefined;
}

// A unit vector is the same from the sum as from the mean.
function mean(hidden: Float32Array, sum: Float64Array): void {
  for (let start = 0; start < hidden.length; start += sum.length) {
    for (let k = 0; k < sum.length; k++) sum[k]! += hidden[start + k]!;
  }
}

function cls(hidden: Float32Array, sum: Float64Array): void {
  for (let k = 0; k < sum.length; k++) sum[k] = hidden[k] ?? 0;
}

function max(hidden: Float32Array, sum: Float64Array): void {
  if (hidden.length === 0) return;
  sum.fill(-Infinity);
  for (let start = 0; start < hidden.length; start += sum.length) {
    for (let k = 0; k < sum.length; k++) sum[k] = Math.max(sum[k]!, hidden[start + k]!);
  }
}
