import { splitCells } from '../input/cells.ts';
import type { ByteString, LabelledBatch, TableLayout } from '../types.ts';
import { createDelimitedCells } from './delimited-cells.ts';
import { createFormulaSearch } from './formula.ts';
import { measureRow, STRAY_QUOTE } from './row-measure.ts';
import type { RowFormat, WriterOptions } from './writer.ts';

/** Of UTF-8. */
const BYTE_ORDER_MARK: ByteString = '\u00ef\u00bb\u00bf';

/**
 * Rows of a table as they were, byte for byte, its byte order mark too, and our cells after them.
 *
 * A row with fewer cells than the header gets empty ones, so that ours stand in their columns; one with more keeps them
 * all, and ours come after. Cells are written afresh, quoted where needed, in the rows that cannot stay as they were:
 * one with a stray quote, which would swallow our cells and the rows after it; with `csvSafe`, one with a formula; and
 * every row where the delimiter is not the input's.
 */
export function createDelimitedTable(layout: TableLayout, delimiter: string, options: WriterOptions): RowFormat {
  const { columns, lineEnd, hasMark = false } = layout;
  const cells = createDelimitedCells(delimiter, columns, options);
  const keepsDelimiter = delimiter === layout.delimiter;
  const holdsFormula = options.csvSafe === true ? createFormulaSearch(delimiter) : () => false;

  return {
    head: `${hasMark ? BYTE_ORDER_MARK : ''}${ownCells(layout.header)}${cells.names}${lineEnd}`,
    rows({ raws, verdicts }: LabelledBatch) {
      let text = '';
      for (let row = 0; row < raws.length; row++) {
        // oxlint-disable-next-line typescript/no-non-null-assertion -- verdicts[row] belongs to row
        text += `${ownCells(raws[row] ?? '')}${cells.verdict(verdicts[row]!)}${lineEnd}`;
      }
      return text;
    },
  };

  function ownCells(raw: ByteString): ByteString {
    if (!keepsDelimiter || holdsFormula(raw)) return afresh(raw);
    const count = measureRow(raw, delimiter);
    return count === STRAY_QUOTE ? afresh(raw) : raw + padding(count);
  }

  function afresh(raw: ByteString): ByteString {
    const own = splitCells(raw, layout.delimiter);
    return own.map((cell) => cells.write(cell)).join(delimiter) + padding(own.length);
  }

  function padding(count: number): ByteString {
    return count < columns.length ? delimiter.repeat(columns.length - count) : '';
  }
}
