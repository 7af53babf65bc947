import { didYouMean } from '../did-you-mean.ts';
import { LogiqError } from '../errors.ts';

/** The run counts as failed when `label` occurs in at least `rows` rows. */
export interface FailOn {
  readonly label: string;
  readonly rows: number;
}

/**
 * Reads `LABEL` or `LABEL>=N`.
 *
 * @throws {LogiqError} E_USAGE.
 */
export function parseFailOn(text: string): FailOn {
  const match = /^(?<label>[^>=]+?)(?:\s*>=\s*(?<rows>\d+))?$/.exec(text.trim());
  const rows = Number(match?.groups?.['rows'] ?? 1);
  const label = match?.groups?.['label'];
  if (label === undefined || rows < 1) {
    throw new LogiqError(
      'E_USAGE',
      `--fail-on is "${text}".`,
      'It takes a label, or a label and a least number: crash or "crash>=3".',
    );
  }
  return { label, rows };
}

/**
 * A label that cannot occur would never fail a run.
 *
 * @param labels Those that can.
 * @throws {LogiqError} E_USAGE.
 */
export function refuseUnknownLabel({ label }: FailOn, labels: readonly string[]): void {
  if (labels.includes(label)) return;
  throw new LogiqError(
    'E_USAGE',
    `--fail-on names "${label}", which is no label of the model or the rules.`,
    didYouMean(label, labels),
  );
}
