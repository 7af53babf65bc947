/** Rows kept to be shown, of each label. */
export const ROWS_A_LABEL = 200;

const BINS = 20;

/** Counts of what was labelled so far, and the first rows of each label. */
export function createTally() {
  const labels = new Map();
  const methods = new Map();
  const confidence = Array.from({ length: BINS }, () => 0);
  const samples = new Map();
  let rows = 0;
  return {
    labels,
    methods,
    confidence,
    rows: () => rows,
    /** @param {{label: string, confidence: number, method: string}} row */
    add(row) {
      rows += 1;
      labels.set(row.label, (labels.get(row.label) ?? 0) + 1);
      methods.set(row.method, (methods.get(row.method) ?? 0) + 1);
      confidence[Math.min(BINS - 1, Math.floor(row.confidence * BINS))] += 1;
      const kept = samples.get(row.label);
      if (kept === undefined) samples.set(row.label, [row]);
      else if (kept.length < ROWS_A_LABEL) kept.push(row);
    },
    /** The rows to show: those of one label, or the first of all. */
    sample(label) {
      if (label !== undefined) return samples.get(label) ?? [];
      const all = [...samples.values()].flat().toSorted((a, b) => a.number - b.number);
      return all.slice(0, ROWS_A_LABEL);
    },
  };
}
