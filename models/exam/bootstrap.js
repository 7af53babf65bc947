import { createRandom } from '../../dist/head/folds.js';

const REPETITIONS = 1000;

/**
 * Percentile bootstrap over templates: rows of one template stand or fall together. The draws depend on the seed and the
 * number of templates alone, so that systems judged on the same rows are compared on the same draws, which are also those
 * of `logiq eval`.
 * Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.
 *
 * @param clusters Number of templates.
 * @param figures How often each template was drawn -> numbers by name, NaN where the draw has no rows for it.
 * @returns `{value, low, high}` by name: of all rows, and what 95 of 100 repetitions lie between.
 */
export function bootstrap(clusters, figures, seed) {
  const random = createRandom(seed);
  const copies = new Uint32Array(clusters);
  const value = figures(copies.fill(1));
  const repeated = Array.from({ length: REPETITIONS }, () => {
    copies.fill(0);
    for (let draw = 0; draw < clusters; draw++) copies[Math.floor(random() * clusters)]++;
    return figures(copies);
  });
  return Object.fromEntries(
    Object.keys(value).map((name) => {
      const sorted = Float64Array.from(repeated, (one) => one[name])
        .filter((figure) => !Number.isNaN(figure))
        .toSorted();
      const low = sorted[Math.floor(0.025 * sorted.length)];
      const high = sorted[Math.ceil(0.975 * sorted.length) - 1];
      return [name, { value: value[name], low, high }];
    }),
  );
}
