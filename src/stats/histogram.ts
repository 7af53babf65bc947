/** Buckets grow by 2^(1/8): a quantile read from them is at most 9 % above the true one. */
const BUCKETS_PER_DOUBLING = 8;
/** Smallest duration told apart, in milliseconds. */
const FLOOR_MS = 0.001;
/** 37 doublings above the floor: up to 38 hours. */
const BUCKETS = BUCKETS_PER_DOUBLING * 37;

export interface Histogram {
  /** Counts `weight` observations of `ms` milliseconds. */
  add(ms: number, weight: number): void;
  /** Upper bound in milliseconds of the bucket that holds the quantile `q` in [0, 1]; 0 when nothing was counted. */
  quantile(q: number): number;
}

/** Durations in constant memory, in buckets of exponential width. */
export function createHistogram(): Histogram {
  const counts = new Float64Array(BUCKETS);
  let total = 0;
  return {
    add(ms, weight) {
      const bucket = Math.floor(Math.log2(Math.max(ms, FLOOR_MS) / FLOOR_MS) * BUCKETS_PER_DOUBLING);
      const index = Math.min(bucket, BUCKETS - 1);
      counts[index] = (counts[index] ?? 0) + weight;
      total += weight;
    },
    quantile(q) {
      if (total === 0) return 0;
      let seen = 0;
      let index = 0;
      for (; index < BUCKETS - 1; index++) {
        seen += counts[index] ?? 0;
        if (seen >= q * total) break;
      }
      return FLOOR_MS * 2 ** ((index + 1) / BUCKETS_PER_DOUBLING);
    },
  };
}
