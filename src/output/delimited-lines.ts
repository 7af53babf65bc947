import type { LabelledBatch } from '../types.ts';
import { createDelimitedCells } from './delimited-cells.ts';
import type { RowFormat, WriterOptions } from './writer.ts';

const OWN_COLUMNS = ['line', 'message'];

/** Raw lines as a table: number of the line, its bytes, our columns. */
export function createDelimitedLines(delimiter: string, options: WriterOptions): RowFormat {
  const cells = createDelimitedCells(delimiter, OWN_COLUMNS, options);
  return {
    head: `${OWN_COLUMNS.join(delimiter)}${cells.names}\n`,
    rows({ firstRow, raws, verdicts }: LabelledBatch) {
      let text = '';
      for (let row = 0; row < raws.length; row++) {
        // oxlint-disable-next-line typescript/no-non-null-assertion -- verdicts[row] belongs to row
        text += `${firstRow + row}${delimiter}${cells.write(raws[row] ?? '')}${cells.verdict(verdicts[row]!)}\n`;
      }
      return text;
    },
  };
}
