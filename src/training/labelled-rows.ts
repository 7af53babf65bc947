import { LogiqError } from '../errors.ts';
import type { Io } from '../types.ts';
import type { LabelledRow } from './examples.ts';
import { findLabelColumn, readTables, type LabelledColumns } from './read-labelled.ts';

export interface ReadRows {
  readonly rows: readonly LabelledRow[];
  /** Rows without a message or a label, which are left out. */
  readonly skipped: number;
}

export interface RowColumns extends LabelledColumns {
  /** Rows with the same cell here are never on both sides of a split. */
  readonly group?: string | undefined;
}

/**
 * Reads labelled messages. The columns `weight` and `system` count where there are any.
 *
 * @throws {LogiqError} E_INPUT_COLUMN for a missing column, E_INPUT_DAMAGED for a weight that is no number above 0.
 */
export async function readLabelledRows(
  files: readonly string[],
  columns: RowColumns,
  io: Pick<Io, 'stdin' | 'cwd' | 'signal'>,
): Promise<ReadRows> {
  const rows: LabelledRow[] = [];
  let skipped = 0;
  for (const file of files) {
    const label = await findLabelColumn(file, columns, io);
    const needed = [label, ...(columns.group === undefined ? [] : [columns.group])];
    for await (const row of readTables([file], columns.column, needed, io)) {
      const name = row.cell(label).trim();
      if (name === '' || row.message.trim() === '') {
        skipped++;
        continue;
      }
      const weight = row.cell('weight');
      const group = columns.group === undefined ? '' : row.cell(columns.group);
      const system = row.cell('system');
      rows.push({
        message: row.message,
        label: name,
        ...(weight !== '' && { weight: toWeight(weight, file) }),
        ...(group !== '' && { group }),
        ...(system !== '' && { system }),
      });
    }
  }
  if (rows.length === 0) throw new LogiqError('E_USAGE', `${files.join(', ')}: no row has a message and a label.`);
  return { rows, skipped };
}

function toWeight(cell: string, file: string): number {
  const weight = Number(cell);
  if (weight > 0 && weight < Infinity) return weight;
  throw new LogiqError('E_INPUT_DAMAGED', `${file} has the weight "${cell}".`, 'A weight is a number above 0.');
}
