import type { ByteString } from '../types.ts';
import { toByteString } from './byte-string.ts';
import { guardFormula } from './formula.ts';
import { createQuoteCell } from './quoting.ts';
import { verdictColumns } from './verdict-columns.ts';
import { oncePerVerdict, type VerdictText } from './verdict-text.ts';
import type { WriterOptions } from './writer.ts';

/** How cells are written under one delimiter and one set of options. */
export interface DelimitedCells {
  /** A cell of the input: guarded where asked for, quoted where needed. */
  write(cell: ByteString): ByteString;
  /** Names of our columns, each after a delimiter. */
  readonly names: ByteString;
  /** Our cells of a verdict, each after a delimiter. */
  readonly verdict: VerdictText;
}

export function createDelimitedCells(
  delimiter: string,
  inputColumns: readonly string[],
  { csvSafe = false, ...options }: WriterOptions,
): DelimitedCells {
  const quote = createQuoteCell(delimiter);
  const write = csvSafe ? (cell: ByteString) => quote(guardFormula(cell)) : quote;
  const columns = verdictColumns(options, inputColumns);
  const append = (values: ReadonlyArray<string | number | undefined>): ByteString =>
    values.map((value) => delimiter + write(toByteString(String(value ?? '')))).join('');
  return {
    write,
    names: append(columns.map((column) => column.name)),
    verdict: oncePerVerdict((verdict) => append(columns.map((column) => column.value(verdict)))),
  };
}
