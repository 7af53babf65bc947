import { codeAt, codeBefore, isAlphanumeric, isAsciiLetter, isDigit, isHexDigit } from './characters.ts';
import { isCode, isErrorName, isErrorNumber } from './codes.ts';
import { placeholderEnd } from './placeholders.ts';

const UNITS = new Set(
  'ns us µs μs ms s sec secs m min h hr d b k g t kb mb gb tb pb kib mib gib tib bytes px pt kbps mbps hz mhz ghz khz v mv w c f st nd rd th'.split(
    ' ',
  ),
);
export const SHORTEST_IPV4 = 7;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$/;
/** From this many groups of digits on, a token such as `task_1445144423722_0020_m_000003` is one identifier. */
const ID_GROUPS = 3;
/** Bare hexadecimal counts as a number, or `dear 0047f3c0` and `dear 00000000` would be two templates. */
const MIN_HEX_LENGTH = 6;
/** From MD5 on it is a digest, which never comes without letters. */
const MIN_DIGEST_LENGTH = 32;
/** A word that changes between letters and digits this often is an identifier, from a length on. */
const ID_CHANGES = 3;
const MIN_ID_LENGTH = 8;
const MIN_LONG_ID_LENGTH = 20;
/** A word that begins with a digit, is no number and as long as this is an identifier. */
const MIN_DIGIT_FIRST_ID_LENGTH = 10;

/**
 * A token with every number in it replaced, but for numbers that carry the meaning.
 *
 * @param before See `maskToken`.
 */
export function maskWords(token: string, before: string): string {
  let out = '';
  let copied = 0;
  let groups = 0;
  let i = 0;
  while (i < token.length) {
    const code = token.charCodeAt(i);
    if (code === 60) {
      i = Math.max(placeholderEnd(token, i), i + 1);
      continue;
    }
    if (!isAlphanumeric(code)) {
      i++;
      continue;
    }
    const isNumber = isDigit(code);
    let end = isNumber ? numberEnd(token, i) : -1;
    let replacement = '<num>';
    if (end === -1) {
      end = wordEnd(token, i);
      replacement = maskWord(token, i, end);
      if (replacement !== '') end = versionEnd(token, end);
    } else if (isCode(token, i, end, before) || isErrorNumber(token, i, end)) replacement = '';
    else if (end - i >= SHORTEST_IPV4 && token.indexOf('.', i) !== -1 && IPV4.test(token.slice(i, end)))
      replacement = '<host>';
    if (replacement !== '') {
      const start = isNumber && hasSign(token, i) ? i - 1 : i;
      if (start >= copied) out += token.slice(copied, start);
      out += replacement;
      groups++;
      copied = end;
    }
    i = end;
  }
  return groups < ID_GROUPS ? out + token.slice(copied) : '<id>';
}

/** The template of a token of digits only. */
export function maskInteger(token: string, before: string): string {
  return isCode(token, 0, token.length, before) ? token : '<num>';
}

/** End of `12`, `1.2.3`, `00:03:11`, `10ms`, `1m5.1s`; -1 when the word that starts with a digit is no number. */
export function numberEnd(token: string, start: number): number {
  let i = start;
  if (!isDigit(codeAt(token, i))) return -1;
  for (;;) {
    while (isDigit(codeAt(token, i))) i++;
    const code = codeAt(token, i);
    if ((code === 46 || code === 58) && isDigit(codeAt(token, i + 1))) {
      i++;
      continue;
    }
    if (!isAlphanumeric(code)) return i;
    const unitStart = i;
    while (isAlphanumeric(codeAt(token, i)) && !isDigit(codeAt(token, i))) i++;
    if (i - unitStart > 5 || !UNITS.has(token.slice(unitStart, i).toLowerCase())) return -1;
    if (!isDigit(codeAt(token, i))) return i;
  }
}

function wordEnd(token: string, start: number): number {
  let i = start;
  while (isAlphanumeric(codeAt(token, i))) i++;
  return i;
}

/** End of the rest of `v1.2.3` after `v1`. */
function versionEnd(token: string, start: number): number {
  let i = start;
  while (isDigit(codeBefore(token, i)) && codeAt(token, i) === 46 && isDigit(codeAt(token, i + 1))) {
    i++;
    while (isDigit(codeAt(token, i))) i++;
  }
  return i;
}

function hasSign(token: string, start: number): boolean {
  const sign = codeBefore(token, start);
  if (sign !== 45 && sign !== 43) return false;
  return start === 1 || codeBefore(token, start - 1) === 95 || codeBefore(token, start - 1) === 58;
}

/** Template of one run of letters and digits, '' when it stays as it is. */
function maskWord(token: string, start: number, end: number): string {
  let digits = 0;
  let changes = 0;
  let hex = 0;
  let wasDigit = isDigit(codeAt(token, start));
  for (let i = start; i < end; i++) {
    const code = token.charCodeAt(i);
    const digit = isDigit(code);
    if (digit) digits++;
    if (isHexDigit(code)) hex++;
    if (digit !== wasDigit) changes++;
    wasDigit = digit;
  }
  if (digits === 0) return '';
  const length = end - start;
  if (isHexLiteral(token, start) && hex === length - 1) return '<hex>';
  if (hex === length && length >= MIN_HEX_LENGTH) return length < MIN_DIGEST_LENGTH ? '<num>' : '<hex>';
  if (isErrorName(token, start, end)) return '';
  if ((changes >= ID_CHANGES && length >= MIN_ID_LENGTH) || length >= MIN_LONG_ID_LENGTH) return '<id>';
  if (length >= MIN_DIGIT_FIRST_ID_LENGTH && isDigit(codeAt(token, start))) return '<id>';
  return maskDigits(token, start, end);
}

/** `eth0` -> `eth<num>`. */
function maskDigits(token: string, start: number, end: number): string {
  let out = '';
  let copied = start;
  let i = start;
  while (i < end) {
    if (!isDigit(codeAt(token, i))) {
      i++;
      continue;
    }
    out += `${token.slice(copied, i)}<num>`;
    while (isDigit(codeAt(token, i))) i++;
    copied = i;
  }
  return out + token.slice(copied, end);
}

function isHexLiteral(token: string, start: number): boolean {
  return (
    codeAt(token, start) === 48 && (codeAt(token, start + 1) | 32) === 120 && !isAsciiLetter(codeBefore(token, start))
  );
}
