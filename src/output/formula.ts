import { splitCells } from '../input/cells.ts';
import type { ByteString } from '../types.ts';
import { toText } from './byte-string.ts';

/**
 * What a spreadsheet evaluates: `= + - @`, their full-width forms, and a tab, CR or LF in front, which it drops. Blanks,
 * control, format and other invisible characters before one of them do not hide it; nor does U+FFFD, a byte that one
 * reader's code page shows as a blank. Source: OWASP, CSV Injection.
 */
const FORMULA = /^[\p{C}\p{Z}\p{M}\u115F\u1160\u3164\uFFA0\uFFFD]*[=+\-@＝＋－＠\t\r\n]/u;

/** Numbers that begin with a sign: `-5`, `+1,234.50`, ` -.5e-7`, `-3%`. */
const NUMBER = /^ *[+-] ?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?%? *$/i;

/** Puts `'` in front of a cell that a spreadsheet would take for a formula; numbers stay numbers. */
export function guardFormula(cell: ByteString): ByteString {
  return isFormula(cell) ? `'${cell}` : cell;
}

function isFormula(cell: ByteString): boolean {
  if (isHarmlessStart(cell.charCodeAt(0))) return false;
  const text = toText(cell);
  return FORMULA.test(text) && !NUMBER.test(text);
}

/** Visible ASCII but the signs; also an empty cell. */
function isHarmlessStart(code: number): boolean {
  if (Number.isNaN(code)) return true;
  return code > 0x20 && code < 0x7f && code !== 0x3d && code !== 0x2b && code !== 0x2d && code !== 0x40;
}

/**
 * Whether a row holds a formula, for us or for a reader that takes its quotes and line ends in another way: one that begins
 * at a quote, a delimiter or a line end counts.
 */
export function createFormulaSearch(delimiter: string): (raw: ByteString) => boolean {
  const borders = `"${delimiter.replace(/[\\\]^-]/, '\\$&')}`;
  const border = new RegExp(`[${borders}]`);
  const quickly = createQuickLook(delimiter, borders);
  return (raw) =>
    quickly.test(raw) &&
    (splitCells(raw, delimiter).some(isFormula) ||
      raw.split(border).some((part) => isFormula(part) || part.split(/[\r\n]/).some(isFormula)));
}

/** Matches every row with a formula, and some without: invisible is whatever is no visible ASCII. */
function createQuickLook(delimiter: string, borders: string): RegExp {
  const tab = delimiter === '\t' ? '' : '\\t'; // where it delimits, it is a border
  const invisible = `[\\0-\\x08\\n-\\x20\\x7f-\\xff${tab}]*`;
  const sign = `[=+\\-@\\r\\n${tab}]|\\xef\\xbc[\\x8b\\x8d\\x9d\\xa0]`;
  return new RegExp(`(?:^|[\\r\\n${borders}])${invisible}(?:${sign})|"[\\0-\\x20\\x7f-\\xff]*\\t`);
}
