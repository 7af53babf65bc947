import type { LabelledBatch } from '../types.ts';
import { createDelimitedCells } from './delimited-cells.ts';
import { eventColumn } from './verdict-columns.ts';
import type { RowFormat, WriterOptions } from './writer.ts';

const OWN_COLUMNS = ['line', 'message'];

/** Raw lines as a table: number of the line, its bytes, our columns. */
export function createDelimitedLines(delimiter: string, options: WriterOptions): RowFormat {
  const cells = createDelimitedCells(delimiter, OWN_COLUMNS, options);
  const eventName = options.events ? `${delimiter}${eventColumn(OWN_COLUMNS)}` : '';
  return {
    head: `${OWN_COLUMNS.join(delimiter)}${cells.names}${eventName}\n`,
    rows({ firstRow, raws, verdicts, events }: LabelledBatch) {
      let text = '';
      for (let row = 0; row < raws.length; row++) {
        // oxlint-disable-next-line typescript/no-non-null-assertion -- verdicts[row] belongs to row
        text += `${firstRow + row}${delimiter}${cells.write(raws[row] ?? '')}${cells.verdict(verdicts[row]!)}`;
        text += options.events ? `${delimiter}${events?.[row] ?? ''}\n` : '\n';
      }
      return text;
    },
  };
}
