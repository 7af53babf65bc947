import type { Options, parse } from 'csv-parse/sync';
import { LogiqError } from '../errors.ts';
import type { ByteString, TableLayout } from '../types.ts';
import { findColumn, noColumn } from './column.ts';
import { createDialectSplitter } from './dialect-splitter.ts';
import type { Head, Reading } from './format.ts';
import { decodeText } from './text.ts';

/** How a table differs from RFC 4180. */
export interface TableDialect {
  /** One character or more; `,` unless given. */
  readonly delimiter?: string | undefined;
  /** One character; `"` unless given. */
  readonly quote?: string | undefined;
  /** The character before a quote that does not close its cell; the quote itself unless given. */
  readonly escape?: string | undefined;
  /** What a line that is no row begins with. */
  readonly comment?: string | undefined;
}

/** The cells of a record; `open` while a quote is, undefined for what is no record. */
export type ReadRecord = (record: ByteString) => RecordCells | 'open' | undefined;

export interface RecordCells {
  readonly cells: readonly ByteString[];
  /** A cell goes on after the quote that closes it. */
  readonly isStray: boolean;
}

/**
 * A table in a dialect, read by csv-parse a record at a time, so that damage costs the damaged record alone.
 *
 * @throws {LogiqError} E_USAGE for a dialect that cannot be, E_INPUT_COLUMN when there is no message column.
 */
export async function readDialect(head: Head, dialect: TableDialect, column: string | undefined): Promise<Reading> {
  const csv = await import('csv-parse/sync');
  const read = createReadRecord(csv.parse, dialect);
  const { header, rowsFrom, firstLine, lineEnd } = findHeader(head.text, read);
  const found = read(header);
  const columns = found && found !== 'open' ? found.cells.map((cell) => decodeText(cell).trim()) : [];
  const messageColumn = findColumn(columns, column);
  if (messageColumn === -1) throw noColumn(columns, column);
  const { delimiter = ',', quote = '"' } = dialect;
  const layout: TableLayout = { kind: 'table', header, columns, messageColumn, delimiter, lineEnd };
  return {
    reason: `header has ${JSON.stringify(columns[messageColumn])}, ${describe(dialect)}`,
    layout,
    skip: rowsFrom,
    createSplitter: (rows) => createDialectSplitter(layout, quote, read, rows, firstLine),
  };
}

/** A doubled quote inside a cell: whoever writes these escapes no quote by a backslash. */
const DOUBLED_QUOTE = /[^,;|\t\r\n]""|""[^,;|\t\r\n]/;

/**
 * The same text, of the same length, with each backslash and what it escapes made harmless; undefined when quotes are
 * not escaped that way.
 */
export function hideEscapes(text: ByteString): ByteString | undefined {
  if (!text.includes('\\"')) return undefined;
  const hidden = text.replace(/\\[^\r\n]/g, '__');
  return DOUBLED_QUOTE.test(hidden) ? undefined : hidden;
}

interface HeaderLine {
  readonly header: ByteString;
  readonly rowsFrom: number;
  readonly firstLine: number;
  readonly lineEnd: '\n' | '\r\n';
}

/** The first line that is neither blank nor a comment. */
function findHeader(text: ByteString, read: ReadRecord): HeaderLine {
  let line = 1;
  for (let from = 0; ; line += 1) {
    const found = text.indexOf('\n', from);
    const end = found === -1 ? text.length : found;
    const lineEnd = text[end - 1] === '\r' && end > from ? '\r\n' : '\n';
    const header = text.slice(from, lineEnd === '\r\n' ? end - 1 : end);
    const rowsFrom = Math.min(end + 1, text.length);
    if (rowsFrom === text.length || read(header) !== undefined)
      return { header, rowsFrom, firstLine: line + 1, lineEnd };
    from = rowsFrom;
  }
}

function createReadRecord(parseRecords: typeof parse, dialect: TableDialect): ReadRecord {
  const { delimiter = ',', quote = '"', escape = quote, comment } = dialect;
  const options: Options = {
    columns: false,
    delimiter,
    quote,
    escape,
    ...(comment !== undefined && { comment, comment_no_infix: true }),
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
  };
  const attempt = (record: ByteString, relax_quotes: boolean): readonly ByteString[] | undefined =>
    parseRecords(record, { ...options, relax_quotes })[0];
  return (record) => {
    try {
      const cells = attempt(record, false);
      return cells && { cells, isStray: false };
    } catch (error) {
      const code = codeOf(error);
      if (code === 'CSV_QUOTE_NOT_CLOSED') return 'open';
      if (code.startsWith('CSV_INVALID_OPTION') || code.startsWith('CSV_OPTION')) throw badDialect(error);
      return readRelaxed(() => attempt(record, true), code !== 'INVALID_OPENING_QUOTE');
    }
  };
}

function readRelaxed(
  attempt: () => readonly ByteString[] | undefined,
  isStray: boolean,
): RecordCells | 'open' | undefined {
  try {
    const cells = attempt();
    return cells && { cells, isStray };
  } catch {
    return 'open';
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function badDialect(cause: unknown): LogiqError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LogiqError('E_USAGE', `No table is written like that: ${reason}`, undefined, { cause });
}

function describe({ delimiter = ',', quote = '"', escape = quote, comment }: TableDialect): string {
  const parts = [`delimiter ${JSON.stringify(delimiter)}`];
  if (quote !== '"') parts.push(`quote ${quote}`);
  if (escape !== quote) parts.push(`escape ${escape}`);
  if (comment !== undefined) parts.push(`comments after ${comment}`);
  return parts.join(', ');
}
