import type { LabelledBatch, Verdict } from '../types.ts';
import { toByteString } from './byte-string.ts';
import { verdictColumns } from './verdict-columns.ts';
import { oncePerVerdict } from './verdict-text.ts';
import type { RowFormat, RowFormatFactory } from './writer.ts';

/**
 * The label, a tab, the row as it was, and no header: for `grep '^crash'`, `cut -f1 | sort | uniq -c` and, since a label
 * holds no tab, `cut -f2-`, which gives the rows back byte for byte. The label stands in front, as file names and counts do
 * in `grep` and `uniq`, because rows may hold tabs themselves. `explain` puts all our columns there.
 * Of several inputs the name of the file follows the label.
 */
export const createRaw: RowFormatFactory = (layout, options) => {
  const columns = verdictColumns(options, []).filter(({ name }) => options.explain === true || SHORT.has(name));
  const lineEnd = layout.kind === 'table' ? layout.lineEnd : '\n';
  const before = oncePerVerdict((verdict: Verdict) =>
    columns.map((column) => `${oneField(column.value(verdict) ?? '')}\t`).join(''),
  );
  return {
    head: '',
    rows({ raws, verdicts }: LabelledBatch) {
      let text = '';
      // oxlint-disable-next-line typescript/no-non-null-assertion -- verdicts[row] belongs to row
      for (let row = 0; row < raws.length; row++) text += before(verdicts[row]!) + (raws[row] ?? '') + lineEnd;
      return text;
    },
  } satisfies RowFormat;
};

/** What stands there without `explain`. */
const SHORT = new Set(['label', 'file']);

function oneField(value: string | number): string {
  return toByteString(String(value).replaceAll(/[\t\r\n]/g, ' '));
}
