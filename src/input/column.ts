import { didYouMean } from '../did-you-mean.ts';
import { LogiqError } from '../errors.ts';

/** Names of the message column, best first. */
export const MESSAGE_COLUMNS = ['log_message', 'message', 'msg', 'log', 'text'] as const;

/** What an error prints of the columns: so many, so much of each name. */
const MAX_LISTED = 20;
const MAX_NAME = 60;

/** Index of the message column: `wanted` if given, else the first of `MESSAGE_COLUMNS`; -1 when there is none. */
export function findColumn(columns: readonly string[], wanted: string | undefined): number {
  if (wanted !== undefined && columns.includes(wanted)) return columns.indexOf(wanted);
  const names = columns.map((column) => column.trim().toLowerCase());
  if (wanted !== undefined) return names.indexOf(wanted.trim().toLowerCase());
  for (const name of MESSAGE_COLUMNS) {
    if (names.includes(name)) return names.indexOf(name);
  }
  return -1;
}

/** Column names for people, not more than fit in a message. */
export function listColumns(columns: readonly string[]): string {
  const listed = columns.slice(0, MAX_LISTED).map((column) => JSON.stringify(column.slice(0, MAX_NAME)));
  return columns.length > MAX_LISTED ? `${listed.join(', ')} and more` : listed.join(', ');
}

/** The error for columns that `findColumn` found no message in. */
export function noColumn(columns: readonly string[], wanted: string | undefined): LogiqError {
  if (wanted === undefined) {
    return new LogiqError(
      'E_INPUT_COLUMN',
      `No column of the input is known to hold the message: ${listColumns(columns)}.`,
      `Choose one with --column, for example --column ${JSON.stringify(columns.at(-1) ?? '')}.`,
    );
  }
  if (columns.length === 0) {
    return new LogiqError(
      'E_INPUT_COLUMN',
      `Input has no column "${wanted}": it looks like one message a line.`,
      'Leave --column out, or name the format of the input.',
    );
  }
  return new LogiqError(
    'E_INPUT_COLUMN',
    `Input has no column "${wanted}".`,
    `${didYouMean(wanted, columns)} Choose one with --column.`.trim(),
  );
}
