import { SPACE, codeAt, codeBefore, isAlphanumeric, kindOf } from './characters.ts';

const MAX_VALUE_LENGTH = 120;
const MAX_WORD_LENGTH = 40;
const WORD = /^[A-Za-z]+(?:[_-][A-Za-z]+)*$/;
const BROWSER_START = 'Mozilla/5.0 (';
const BROWSER =
  /^Mozilla\/5\.0 \((?!compatible)[^)]{4,100}\)[^()]*(?:\([^)]*\))?[^()]*\s(?:Safari|Firefox|Edge?|OPR)\/[\d.]+$/;
const ELSEWHERE_MASKED = /[\\/@<>]|^[\d+-]|^HTTP\b/;

/**
 * Index after the quoted single value (`'orders_v2'`) that opens at `start`, or -1 when what follows is not one: several
 * words, a key of an object, a plain word as the value of a key (`level="error"`), or a number, path or address, which
 * have placeholders of their own.
 *
 * @param from Where the text begins that is still as it was; `lead` is the template's character before it, 0 if none.
 */
export function quotedValueEnd(text: string, start: number, from: number, lead: number): number {
  const quote = text.charCodeAt(start);
  if (isWordEnd(start > from ? codeBefore(text, start) : lead)) return -1;
  if (text.startsWith(BROWSER_START, start + 1)) return browserEnd(text, start);
  const most = Math.min(text.length, start + MAX_VALUE_LENGTH + 2);
  let i = start + 1;
  while (i < most) {
    const code = text.charCodeAt(i);
    if (code === quote) break;
    if (kindOf(code) === SPACE) return -1;
    i++;
  }
  if (i >= most || i === start + 1 || isWordStart(codeAt(text, i + 1))) return -1;
  const value = text.slice(start + 1, i);
  if (ELSEWHERE_MASKED.test(value)) return -1;
  const role = roleOf(text, start, i + 1, from);
  if (role === 'key' || (role === 'field' && value.length <= MAX_WORD_LENGTH && WORD.test(value))) return -1;
  return i + 1;
}

/** Index after the user agent of a browser, of which there are thousands; those of robots and scanners stay. */
function browserEnd(text: string, start: number): number {
  const end = text.indexOf(text.charAt(start), start + 1);
  return end !== -1 && BROWSER.test(text.slice(start + 1, end)) ? end + 1 : -1;
}

function roleOf(text: string, start: number, end: number, from: number): 'key' | 'field' | 'prose' {
  let left = start - 1;
  while (left >= from && kindOf(text.charCodeAt(left)) === SPACE) left--;
  const lead = left >= from ? text[left] : '';
  if (lead === '=' || lead === ':') return 'field';
  if (lead !== '{' && lead !== ',') return 'prose';
  let right = end;
  while (right < text.length && kindOf(text.charCodeAt(right)) === SPACE) right++;
  return text[right] === ':' && text[right + 1] !== ':' ? 'key' : 'prose'; // `::` begins an IPv6 address
}

/** Placeholders count as words on both sides, so that the template of a template finds the same quotes. */
function isWordStart(code: number): boolean {
  return isAlphanumeric(code) || code === 95 || code === 60;
}

function isWordEnd(code: number): boolean {
  return isAlphanumeric(code) || code === 95 || code === 62;
}
