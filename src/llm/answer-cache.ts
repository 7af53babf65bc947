export interface RememberedAnswer {
  readonly key: string;
  /** The text as it was sent: redacted. */
  readonly text: string;
  /** `null`: the model found no label that fits. */
  readonly label: string | null;
}

export interface AnswerCache {
  get(key: string): RememberedAnswer | undefined;
  put(answers: readonly RememberedAnswer[]): void;
  /** Takes in what other processes have learned meanwhile. */
  refresh(): void;
}

/** Answers that are held at most; beyond it the oldest go. */
export const MAX_ANSWERS = 100_000;

/** Remembers within one run. */
export function createAnswerCache(maxAnswers = MAX_ANSWERS): AnswerCache & { values(): Iterable<RememberedAnswer> } {
  const answers = new Map<string, RememberedAnswer>();
  return {
    get: (key) => answers.get(key),
    put(added) {
      for (const answer of added) {
        answers.delete(answer.key); // the newest last
        answers.set(answer.key, answer);
      }
      for (const key of answers.keys()) {
        if (answers.size <= maxAnswers) break;
        answers.delete(key);
      }
    },
    refresh: () => {},
    values: () => answers.values(),
  };
}
