import { splitCells } from '../input/cells.ts';
import type { ByteString, LabelledBatch, LinesLayout, TableLayout } from '../types.ts';
import { toText } from './byte-string.ts';
import { jsonKey, jsonMembers, toJson } from './json-text.ts';
import { verdictColumns } from './verdict-columns.ts';
import { oncePerVerdict } from './verdict-text.ts';
import type { RowFormat, WriterOptions } from './writer.ts';

/**
 * Rows of a table or raw lines as JSON objects: the columns as strings; of raw lines `line`, a number, and `message`.
 *
 * Every cell has a key of its own: a column name that occurs again becomes `name_2`, a cell beyond the header
 * `column_7` by its place; a missing cell is "". Bytes that are no UTF-8 become U+FFFD, for JSON has no others.
 */
export function createJsonCells(layout: TableLayout | LinesLayout, options: WriterOptions): RowFormat {
  const keys = layout.kind === 'table' ? distinct(layout.columns) : ['line', 'message'];
  const columns = verdictColumns(options, keys);
  const ownMembers = createOwnMembers(layout, keys, new Set([...keys, ...columns.map((column) => column.name)]));
  const verdictMembers = oncePerVerdict((verdict) => jsonMembers(columns, verdict));
  return {
    head: '',
    rows({ firstRow, raws, verdicts, events }: LabelledBatch) {
      let text = '';
      for (let row = 0; row < raws.length; row++) {
        // oxlint-disable-next-line typescript/no-non-null-assertion -- verdicts[row] belongs to row
        text += `{${ownMembers(raws[row] ?? '', firstRow + row)},${verdictMembers(verdicts[row]!)}`;
        text += options.events ? `,"event":${events?.[row] ?? 'null'}}\n` : '}\n';
      }
      return text;
    },
  };
}

function createOwnMembers(
  layout: TableLayout | LinesLayout,
  names: readonly string[],
  taken: ReadonlySet<string>,
): (raw: ByteString, row: number) => ByteString {
  if (layout.kind === 'lines') return (raw, row) => `"line":${row},"message":${toJson(toText(raw))}`;
  const keys = names.map(jsonKey);
  const missing = keys.map((own) => `${own}""`);
  return (raw) => {
    const members = splitCells(raw, layout.delimiter).map(
      (cell, index) => (keys[index] ?? jsonKey(nameByPlace(index, taken))) + toJson(toText(cell)),
    );
    return [...members, ...missing.slice(members.length)].join(',');
  };
}

function nameByPlace(index: number, taken: ReadonlySet<string>): string {
  const name = `column_${index + 1}`;
  return taken.has(name) ? numbered(name, taken) : name;
}

/** The names; one that occurred before gets a number after it that makes it nobody else's. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    const own = seen.has(name) ? numbered(name, taken) : name;
    taken.add(own);
    seen.add(own);
    return own;
  });
}

function numbered(stem: string, taken: ReadonlySet<string>): string {
  let count = 2;
  while (taken.has(`${stem}_${count}`)) count += 1;
  return `${stem}_${count}`;
}
