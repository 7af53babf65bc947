import { denseFeatures } from '../../dist/head/features.js';

/**
 * Embeds texts in one go, for several heads.
 *
 * @param embed Texts to vectors of L2 norm 1.
 * @returns Features of texts; of others than those embedded, too, at the price of another call.
 */
export async function embedOnce(texts, embed, signal) {
  const vectorOf = new Map();
  const add = async (others) => {
    const missing = [...new Set(others)].filter((text) => !vectorOf.has(text));
    if (missing.length === 0) return;
    const vectors = await embed(missing, signal);
    const columns = vectors.length / missing.length;
    for (const [row, text] of missing.entries())
      vectorOf.set(text, vectors.subarray(row * columns, (row + 1) * columns));
  };
  await add(texts);
  return async (others) => {
    await add(others);
    const columns = vectorOf.get(others[0]).length;
    const values = new Float32Array(others.length * columns);
    for (const [row, text] of others.entries()) values.set(vectorOf.get(text), row * columns);
    return denseFeatures(values, columns);
  };
}
