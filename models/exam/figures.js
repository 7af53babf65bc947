const BINS = 10;

/**
 * Prepares judged rows for many draws of their templates.
 *
 * @param outcomes Of one system, in the order of the rows (`src/evaluation/outcome.ts`).
 * @param clusterOf Number of each row's template.
 * @returns How often each template counts -> the figures that `logiq eval` gives (`src/evaluation/evaluation.ts`):
 *   `macroF1` over the labels that occur among the true ones, `accuracy`, `coveredAt90` and `coveredAt95`, the largest share
 *   of rows that can be answered at such a precision, and `ece`, the expected calibration error over 10 equal bins of what
 *   is no rule's.
 */
export function prepareFigures(outcomes, clusterOf) {
  const labels = [...new Set(outcomes.flatMap(({ truth, predicted }) => [truth, predicted]))];
  const order = outcomes.map((_, row) => row).toSorted((a, b) => outcomes[b].confidence - outcomes[a].confidence);
  const rows = order.map((row, at) => {
    const { truth, predicted, confidence, method } = outcomes[row];
    return {
      cluster: clusterOf[row],
      truth: labels.indexOf(truth),
      predicted: labels.indexOf(predicted),
      isRight: truth === predicted,
      confidence,
      bin: method === 'regex' ? -1 : Math.min(BINS - 1, Math.floor(confidence * BINS)),
      endsTie: outcomes[order[at + 1]]?.confidence !== confidence, // equally sure rows are answered together
    };
  });
  return (copies) => countFigures(rows, labels.length, copies);
}

function countFigures(rows, labels, copies) {
  const hits = new Float64Array(labels);
  const support = new Float64Array(labels);
  const either = new Float64Array(labels);
  const surplus = new Float64Array(BINS);
  let scored = 0;
  let seen = 0;
  let right = 0;
  let coveredAt90 = 0;
  let coveredAt95 = 0;
  for (const { cluster, truth, predicted, isRight, confidence, bin, endsTie } of rows) {
    const count = copies[cluster];
    seen += count;
    support[truth] += count;
    either[truth] += count;
    either[predicted] += count;
    if (isRight) {
      right += count;
      hits[truth] += count;
    }
    if (bin >= 0) {
      scored += count;
      surplus[bin] += count * (confidence - (isRight ? 1 : 0));
    }
    if (!endsTie || seen === 0) continue;
    if (right / seen >= 0.9) coveredAt90 = seen;
    if (right / seen >= 0.95) coveredAt95 = seen;
  }
  const f1s = hits.map((hit, label) => (2 * hit) / either[label]).filter((_, label) => support[label] > 0);
  return {
    macroF1: sum(f1s) / f1s.length,
    accuracy: right / seen,
    coveredAt90: coveredAt90 / seen,
    coveredAt95: coveredAt95 / seen,
    ece: scored === 0 ? 0 : sum(surplus.map(Math.abs)) / scored,
  };
}

/**
 * @param isIn Whether a row counts as one.
 * @param of Whether a row counts at all; all do where absent.
 * @returns How often each template counts -> `share`, in [0, 1]; NaN when no row counts.
 */
export function prepareShare(outcomes, clusterOf, isIn, of = () => true) {
  const rows = outcomes.flatMap((outcome, row) =>
    of(outcome, row) ? [{ cluster: clusterOf[row], isIn: isIn(outcome) ? 1 : 0 }] : [],
  );
  return (copies) => {
    let found = 0;
    let seen = 0;
    for (const { cluster, isIn: one } of rows) {
      seen += copies[cluster];
      found += copies[cluster] * one;
    }
    return { share: found / seen };
  };
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
