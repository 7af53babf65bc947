import { codeBefore, codesOf, isAlphanumeric, isAsciiLetter } from './characters.ts';

/** Words after which a number says what happened, with the most digits such a number has. */
const CODE_WORDS: ReadonlyMap<string, number> = new Map([
  ['status', 3],
  ['http', 3],
  ['response', 3],
  ['returned', 3],
  ['exit', 3],
  ['exited', 3],
  ['rc', 3],
  ['ret', 3],
  ['retcode', 3],
  ['signal', 2],
  ['sig', 2],
  ['errno', 5],
  ['err', 5],
  ['error', 5],
  ['code', 5],
]);
/** Of the words above: the cheap no. */
const LAST_LETTERS = codesOf('cdeglopqrst');
/** Compound words take their last part: `exitCode`, `status_code`, `sc-status`. */
const CODE_ENDING =
  /(?<!key|char|zip|bar|post|op|byte|geo|country|area|qr|language|region)(?:code|status|errno|error)$/;
export const MOST_CODE_DIGITS = 5;
const LONGEST_WORD = 24;
const HTTP_VERSION = /(?:^|[^A-Za-z\d])http\/(?:<num>|[\d.]+)$/i;
const ERROR_NAME = /^[A-Z]{1,4}\d{4,5}$/;
const ERROR_NUMBER = /^[A-Z]{2,4}-\d{4,6}$/;

/**
 * Whether the number at [start, end) of `token` is a status, exit code, errno or signal, which is told by the word
 * before it.
 *
 * @param before See `maskToken`.
 */
export function isCode(token: string, start: number, end: number, before: string): boolean {
  const length = end - start;
  if (length > MOST_CODE_DIGITS) return false;
  let lead = token;
  let leadEnd = start;
  const sign = codeBefore(token, start);
  if (sign === 45 || sign === 43) leadEnd--;
  if (leadEnd === 0) {
    if (before === '') return false;
    if (length === 3 && before.includes('/') && HTTP_VERSION.test(before)) return true;
    lead = before;
    leadEnd = before.length;
  }
  const wordLimit = leadEnd;
  while (leadEnd > 0 && (lead.charCodeAt(leadEnd - 1) === 58 || lead.charCodeAt(leadEnd - 1) === 35)) leadEnd--;
  if (lead === token && leadEnd === wordLimit) return false; // `node-12`, `error_12`: a name
  let wordStart = leadEnd;
  while (wordStart > 0 && isAsciiLetter(lead.charCodeAt(wordStart - 1))) wordStart--;
  if (isAlphanumeric(codeBefore(lead, wordStart))) return false;
  if (leadEnd - wordStart < 2 || leadEnd - wordStart > LONGEST_WORD) return false;
  if (!LAST_LETTERS.has(codeBefore(lead, leadEnd) | 32)) return false;
  const word = lead.slice(wordStart, leadEnd).toLowerCase();
  const most = CODE_WORDS.get(word) ?? (mayEndInCode(word) && CODE_ENDING.test(word) ? MOST_CODE_DIGITS : 0);
  return length <= most && !/\D/.test(token.slice(start, end));
}

/** The cheap no: the letter before the last of cod-e, statu-s, errn-o, erro-r. */
function mayEndInCode(word: string): boolean {
  const code = codeBefore(word, word.length - 1);
  return word.length > 4 && (code === 100 || code === 117 || code === 110 || code === 111);
}

/** Whether the word is the name of an error, as compilers number theirs: `E0425`, `TS2304`. */
export function isErrorName(token: string, start: number, end: number): boolean {
  return (
    end - start >= 5 && end - start <= 9 && isSetApart(token, start, end) && ERROR_NAME.test(token.slice(start, end))
  );
}

/** Whether the number is the second half of such a name: `ORA-00942`, `MY-010931`. */
export function isErrorNumber(token: string, start: number, end: number): boolean {
  if (end - start < 4 || end - start > 6 || codeBefore(token, start) !== 45) return false;
  let nameStart = start - 1;
  while (nameStart > 0 && isAsciiLetter(codeBefore(token, nameStart))) nameStart--;
  return isSetApart(token, nameStart, end) && ERROR_NUMBER.test(token.slice(nameStart, end));
}

function isSetApart(token: string, start: number, end: number): boolean {
  return (start === 0 || token[start - 1] === ':') && (end === token.length || '.:!?'.includes(token[end] ?? ''));
}
