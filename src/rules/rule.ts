/** One entry of a `rules.yaml`: lines that the pattern matches get the label. */
export interface Rule {
  /** Unique within its file; written to the `rule` field of a verdict. */
  readonly id: string;
  readonly label: string;
  /** Source of a JavaScript regular expression without the `u` flag. Unanchored: the text has its prefix of time and host. */
  readonly pattern: string;
  readonly flags: '' | 'i';
  /** Lines that must match; at least one. */
  readonly match: readonly string[];
  /** Lines that must not match; at least one. */
  readonly reject: readonly string[];
  /** `requiredLiterals` of the pattern, where the build has found them: null when it has none. */
  readonly literals?: readonly string[] | null;
}

/**
 * Characters of a text that rules look at, from its start. It bounds the time of a quadratic pattern to a few tens of
 * milliseconds, and what a record says after its first 4,096 characters is seldom what it is about. The end of that part
 * is the end of the text to a rule: `$` matches there.
 */
export const MAX_RULE_CHARS = 4096;
