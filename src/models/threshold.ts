import { argmax } from '../head/predict.ts';

/** Rows of a label that must be answered before a threshold of its own is believed. */
const MIN_ANSWERED = 30;
/** Most of the accuracy that may be lost by not asking the encoder where n-grams are sure. */
const LEXICAL_LOSS = 0.001;
/** Held-out rows below which that loss cannot be told from chance: then the encoder is always asked. */
const MIN_LEXICAL_ROWS = 500;

export type ThresholdGoal = { readonly precision: number } | { readonly llmShare: number };

export interface Thresholds {
  /** Least confidence in [0, 1] that counts as sure. */
  readonly threshold: number;
  /** The same for labels that do better with their own. */
  readonly byLabel: Readonly<Record<string, number>>;
  /** What they come to on the held-out rows. */
  readonly precision: number;
  /** Share of rows below, which go to the LLM. */
  readonly llmShare: number;
  /** Whether the goal was reached there. */
  readonly reached: boolean;
}

interface Guess {
  readonly label: number;
  readonly confidence: number;
  readonly isRight: boolean;
}

/**
 * Picks the threshold from held-out scores.
 *
 * A precision is sought for each label by itself: its threshold is the lowest that reaches the goal among its answers, where
 * there are enough of them, else the common one, which is chosen the same way over all. A share for the LLM is a matter of
 * all rows: one threshold.
 *
 * @param probabilities Calibrated, of rows that the head had not seen, shape [rows, labels].
 */
export function chooseThresholds(
  probabilities: Float64Array,
  truth: readonly number[],
  labels: readonly string[],
  goal: ThresholdGoal,
): Thresholds {
  const guesses = truth.map((label, row) => guessOf(probabilities, row, labels.length, label));
  if ('llmShare' in goal) {
    const ascending = guesses.map(({ confidence }) => confidence).toSorted((a, b) => a - b);
    const threshold = roundDown(ascending[Math.floor(goal.llmShare * ascending.length)] ?? 1);
    const outcome = outcomeOf(guesses, () => threshold);
    return { threshold, byLabel: {}, ...outcome, reached: outcome.llmShare <= goal.llmShare };
  }
  const threshold = lowestReaching(guesses, goal.precision) ?? 1;
  const byLabel: Record<string, number> = {};
  for (const [index, label] of labels.entries()) {
    const own = guesses.filter((guess) => guess.label === index);
    if (own.length < MIN_ANSWERED) continue;
    const lowest = lowestReaching(own, goal.precision) ?? 1;
    if (lowest !== threshold) byLabel[label] = lowest;
  }
  const outcome = outcomeOf(guesses, (guess) => byLabel[labels[guess.label]!] ?? threshold);
  return { threshold, byLabel, ...outcome, reached: outcome.precision >= goal.precision };
}

/**
 * Lowest confidence of the lexical head from which on asking it alone costs next to no accuracy.
 *
 * @param lexical Held-out, calibrated, shape [rows, classes]; `joint` that of the head over everything.
 */
export function lexicalThreshold(
  lexical: Float64Array,
  joint: Float64Array,
  truth: readonly number[],
  classes: number,
): number {
  const rows = truth
    .map((label, row) => {
      const guess = guessOf(lexical, row, classes, label);
      const lost = Number(guessOf(joint, row, classes, label).isRight) - Number(guess.isRight);
      return { confidence: guess.confidence, lost };
    })
    .toSorted((a, b) => b.confidence - a.confidence);
  if (rows.length < MIN_LEXICAL_ROWS) return 1;
  let lost = 0;
  let threshold = 1;
  for (const [index, row] of rows.entries()) {
    lost += row.lost;
    if (row.confidence < 0.5) break;
    if (rows[index + 1]?.confidence === row.confidence) continue; // equally sure rows stand together
    if (lost <= LEXICAL_LOSS * rows.length) threshold = row.confidence;
  }
  return roundDown(threshold);
}

function guessOf(probabilities: Float64Array, row: number, classes: number, truth: number): Guess {
  const label = argmax(probabilities, row * classes, classes);
  return { label, confidence: probabilities[row * classes + label]!, isRight: label === truth };
}

/** Lowest confidence such that the guesses from it on are right often enough; undefined when none is. */
function lowestReaching(guesses: readonly Guess[], precision: number): number | undefined {
  const surest = guesses.toSorted((a, b) => b.confidence - a.confidence);
  let hits = 0;
  let lowest: number | undefined;
  for (const [index, guess] of surest.entries()) {
    if (guess.isRight) hits++;
    if (surest[index + 1]?.confidence === guess.confidence) continue;
    if (index + 1 >= Math.min(MIN_ANSWERED, surest.length) && hits >= precision * (index + 1)) lowest = guess.confidence;
  }
  return lowest === undefined ? undefined : roundDown(lowest);
}

function outcomeOf(
  guesses: readonly Guess[],
  thresholdOf: (guess: Guess) => number,
): { readonly precision: number; readonly llmShare: number } {
  const answered = guesses.filter((guess) => guess.confidence >= thresholdOf(guess));
  const hits = answered.filter(({ isRight }) => isRight).length;
  return {
    precision: answered.length === 0 ? 1 : hits / answered.length,
    llmShare: guesses.length === 0 ? 0 : (guesses.length - answered.length) / guesses.length,
  };
}

/** Four digits read well in a file; rounding down keeps the row that the threshold was taken from. */
function roundDown(confidence: number): number {
  return Math.floor(confidence * 10_000) / 10_000;
}
