import { createRandom } from '../head/folds.ts';
import type { Outcome } from './outcome.ts';

/** A figure and the interval that holds 95 of 100 repetitions. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const REPETITIONS = 1000;

export interface Estimates {
  readonly accuracy: Estimate;
  /** Mean F1 of the labels that occur among the true ones. */
  readonly macroF1: Estimate;
}

/**
 * Percentile bootstrap over templates: rows of one template stand or fall together, so rows drawn one by one would promise too
 * narrow an interval.
 * Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.
 */
export function estimateScores(outcomes: readonly Outcome[], labels: readonly string[], seed: number): Estimates {
  const clusters = clusterOutcomes(outcomes, labels);
  const random = createRandom(seed);
  const accuracies: number[] = [];
  const macroF1s: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const drawn = Array.from(clusters, () => clusters[Math.floor(random() * clusters.length)]!);
    const { accuracy, macroF1 } = scoresOf(drawn, labels.length);
    accuracies.push(accuracy);
    macroF1s.push(macroF1);
  }
  const { accuracy, macroF1 } = scoresOf(clusters, labels.length);
  return { accuracy: toEstimate(accuracy, accuracies), macroF1: toEstimate(macroF1, macroF1s) };
}

/** Pairs of true and predicted label of one template, as numbers, one after the other. */
type Cluster = readonly number[];

function clusterOutcomes(outcomes: readonly Outcome[], labels: readonly string[]): Cluster[] {
  const index = new Map(labels.map((label, at) => [label, at]));
  const clusters = new Map<string, number[]>();
  for (const { truth, predicted, template } of outcomes) {
    const cluster = clusters.get(template) ?? [];
    cluster.push(index.get(truth) ?? -1, index.get(predicted) ?? -1);
    clusters.set(template, cluster);
  }
  return [...clusters.values()];
}

function scoresOf(clusters: readonly Cluster[], labels: number): { accuracy: number; macroF1: number } {
  const hits = new Float64Array(labels);
  const either = new Float64Array(labels);
  const support = new Float64Array(labels);
  let rows = 0;
  let right = 0;
  for (const cluster of clusters) {
    for (let at = 0; at < cluster.length; at += 2) {
      const [truth, predicted] = [cluster[at]!, cluster[at + 1]!];
      rows++;
      support[truth]! += 1;
      either[truth]! += 1;
      if (predicted >= 0) either[predicted]! += 1;
      if (truth !== predicted) continue;
      right++;
      hits[truth]! += 1;
    }
  }
  let sum = 0;
  let occurring = 0;
  for (let label = 0; label < labels; label++) {
    if (support[label] === 0) continue;
    occurring++;
    sum += (2 * hits[label]!) / either[label]!;
  }
  return { accuracy: rows === 0 ? 0 : right / rows, macroF1: occurring === 0 ? 0 : sum / occurring };
}

function toEstimate(value: number, repeated: readonly number[]): Estimate {
  const sorted = repeated.toSorted((a, b) => a - b);
  return {
    value,
    low: sorted[Math.floor(0.025 * sorted.length)]!,
    high: sorted[Math.ceil(0.975 * sorted.length) - 1]!,
  };
}
