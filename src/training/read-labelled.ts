import { didYouMean } from '../did-you-mean.ts';
import { LogiqError } from '../errors.ts';
import { splitCells } from '../input/cells.ts';
import { listColumns } from '../input/column.ts';
import { openInput } from '../input/index.ts';
import { openSource } from '../input/source.ts';
import type { Io, TableLayout } from '../types.ts';

/** Names of the label column, best first. */
const LABEL_COLUMNS = ['label', 'target_label', 'category', 'class', 'target'] as const;

/** Rows that are read at most: training holds them in memory. */
const MAX_ROWS = 2_000_000;

export interface LabelledColumns {
  /** Message column; absent: the usual names. */
  readonly column?: string | undefined;
  /** Label column; absent: `LABEL_COLUMNS`. */
  readonly label?: string | undefined;
}

/** A row of a table with a message in it. */
export interface TableRow {
  readonly message: string;
  /** The cell under a column; '' where the row or the table has none. */
  cell(column: string): string;
}

/**
 * Reads tables (CSV, TSV) row by row; one after the other, each under its own header.
 *
 * @throws {LogiqError} E_INPUT_COLUMN when a file is no table or lacks a column of `needed`, and what `openInput` throws.
 */
export async function* readTables(
  files: readonly string[],
  column: string | undefined,
  needed: readonly string[],
  io: Pick<Io, 'stdin' | 'cwd' | 'signal'>,
): AsyncGenerator<TableRow, void, undefined> {
  let rows = 0;
  for (const file of files) {
    const { layout, batches } = await openInput(openSource(file, io), { column, signal: io.signal });
    if (layout.kind !== 'table') throw noTable(file);
    for (const wanted of needed) requireColumn(file, wanted, layout);
    const places = new Map(layout.columns.map((name, at) => [name, at]));
    for await (const batch of batches) {
      for (const [at, raw] of batch.raws.entries()) {
        if (++rows > MAX_ROWS) throw tooMany();
        let cells: readonly string[] | undefined;
        yield {
          message: batch.texts[at] ?? '',
          cell(name) {
            const place = places.get(name);
            if (place === undefined) return '';
            cells ??= splitCells(raw, layout.delimiter);
            return Buffer.from(cells[place] ?? '', 'latin1').toString('utf8');
          },
        };
      }
    }
  }
}

/**
 * The label column of a table.
 *
 * @throws {LogiqError} E_INPUT_COLUMN when there is none.
 */
export async function findLabelColumn(
  file: string,
  { column, label }: LabelledColumns,
  io: Pick<Io, 'stdin' | 'cwd' | 'signal'>,
): Promise<string> {
  if (label !== undefined) return label;
  const columns = await readHeader(file, column, io);
  const found = LABEL_COLUMNS.find((name) => columns.includes(name));
  if (found !== undefined) return found;
  throw new LogiqError(
    'E_INPUT_COLUMN',
    `No column of ${file} is known to hold the label: ${listColumns(columns)}.`,
    'Choose one with --label.',
  );
}

/**
 * The columns of a table.
 *
 * @throws {LogiqError} E_INPUT_COLUMN when the file is none, and what `openInput` throws.
 */
export async function readHeader(
  file: string,
  column: string | undefined,
  io: Pick<Io, 'stdin' | 'cwd' | 'signal'>,
): Promise<readonly string[]> {
  const { layout } = await openInput(openSource(file, io), { column, signal: io.signal });
  if (layout.kind !== 'table') throw noTable(file);
  return layout.columns;
}

function requireColumn(file: string, wanted: string, { columns }: TableLayout): void {
  if (columns.includes(wanted)) return;
  throw new LogiqError('E_INPUT_COLUMN', `${file} has no column "${wanted}".`, didYouMean(wanted, columns));
}

function noTable(file: string): LogiqError {
  return new LogiqError(
    'E_INPUT_COLUMN',
    `${file} is no table with a header.`,
    'Name a CSV with a column for the message and one for the label.',
  );
}

function tooMany(): LogiqError {
  return new LogiqError('E_USAGE', `There are more than ${MAX_ROWS} rows.`, 'Train on a sample of them.');
}
