import { distance } from 'fastest-levenshtein';

/** Longest list of candidates that is printed. */
const MAX_LISTED = 12;

/**
 * @returns `Did you mean "message"?` when a candidate is close to `word`, else `There is a, b, c.`, else an empty text.
 */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const close = closest(word, candidates);
  if (close !== undefined) return `Did you mean "${close}"?`;
  if (candidates.length === 0) return '';
  const listed = candidates.slice(0, MAX_LISTED).join(', ');
  return candidates.length > MAX_LISTED
    ? `There is ${listed} and ${candidates.length - MAX_LISTED} more.`
    : `There is ${listed}.`;
}

/**
 * The nearest candidate, if a third of its letters differ at most; case does not count, and two letters in each other's
 * place are one difference.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const far = isSwapped(wanted, known) ? 1 : distance(wanted, known);
    if (far < bestDistance && far <= Math.max(1, Math.max(wanted.length, known.length) / 3)) {
      best = candidate;
      bestDistance = far;
    }
  }
  return best;
}

function isSwapped(word: string, known: string): boolean {
  let at = 0;
  while (at < word.length && word[at] === known[at]) at++;
  return at < word.length - 1 && word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2) === known;
}
