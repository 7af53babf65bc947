import { LogiqError } from '../errors.ts';

/** What doctor has to say about one thing. */
export interface Check {
  readonly name: string;
  /** `note` is worth knowing and needs nothing done; `problem` keeps logiq from working as it should. */
  readonly status: 'ok' | 'note' | 'problem';
  readonly found: string;
  /** What to do about it, as an instruction. */
  readonly hint?: string;
  /** The same and more for programs; no secrets. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A check whose LogiqErrors are what it found. */
export async function check(name: string, examine: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await examine()) };
  } catch (error) {
    if (!(error instanceof LogiqError)) throw error;
    return {
      name,
      status: 'problem',
      found: error.message,
      ...(error.hint && { hint: error.hint }),
      facts: { code: error.code },
    };
  }
}
