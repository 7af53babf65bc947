import { DELIMITER, HAS, SPACE, codeAt, isAlphanumeric, isDigit, kindOf } from './characters.ts';

const CLOCK = String.raw`\d{1,2}:\d{1,2}(?::\d{1,2})?(?:[.,:]\d+)?(?:\s*[AP]M\b)?`;
const ZONE = String.raw`(?:Z\b|\s*[+-]\d\d:?\d\d\b|\s+(?:UTC|GMT|[A-Z]{1,3}[SD]T|CES?T)\b)?`;
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';
const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}';

/** Forms that start with a digit, by how many digits they start with. */
const FROM_DIGITS: ReadonlyMap<number, RegExp> = new Map([
  // 20:10:41 · 17/06/09 20:10:41 · 03-17 16:13:38.869 · 29/Sep/2021:12:37:05 +0000 · 9 Jul 2005 12:59:44
  ...[1, 2].map(
    (digits) =>
      [
        digits,
        anyOf(
          String.raw`\d{1,2}:\d\d:\d\d(?:[.,:]\d+)?(?:\s*[AP]M\b)?${ZONE}`,
          String.raw`\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?,?\s+${CLOCK}${ZONE}`,
          String.raw`\d{1,2}[-/\s]${MONTH}[-/\s]\d{4}(?:[:,\s]\s*${CLOCK}${ZONE})?`,
          String.raw`\d{1,2}\s+${MONTH}\s+${CLOCK}`,
        ),
      ] as const,
  ),
  // 2024-01-02T03:04:05.678Z · 2005-06-03-16.56.55.309974
  [4, anyOf(String.raw`\d{4}([-/.])\d\d\1\d\d(?:(?:T|[\s_:-]+|,\s*)(?:${CLOCK}|\d\d\.\d\d\.\d\d(?:\.\d+)?)${ZONE})?`)],
  // 160512 10:11:12
  [6, anyOf(String.raw`\d{6}\s+${CLOCK}`)],
  // 20171223-22:15:29:636 · 20240102T030405Z
  [8, anyOf(String.raw`(?:19|20)\d\d[01]\d[0-3]\d[-T_ ]?(?:${CLOCK}|\d{6})${ZONE}`)],
  [14, anyOf(String.raw`(?:19|20)\d\d[01]\d[0-3]\d[012]\d[0-5]\d[0-5]\d`)],
]);

/** Forms that start with a name: `Jun  5 02:04:59`, `Sun Dec 04 04:51:14 2005`, `Sat, 09 Jul 2005 12:59:44 GMT`. */
const FROM_NAME = new RegExp(
  `(?:${WEEKDAY},?\\s+)?(?:` +
    [
      String.raw`${MONTH}\s+\d{1,2}(?:,?\s+\d{4})?,?(?:\s+at)?\s+${CLOCK}${ZONE}(?:\s+(?:19|20)\d\d\b)?`,
      String.raw`${MONTH}\s+\d{1,2},\s+\d{4}`,
      String.raw`\d{1,2}[-\s]${MONTH}[-\s]\d{4}(?:\s+${CLOCK}${ZONE})?`,
    ].join('|') +
    ')',
  'y',
);

/** Bare counters that are a time only where a line begins: epoch seconds, seconds since boot, `081109 204324`. */
const AT_START = /1\d{9}(?:\.\d+|\d{3})?(?=[\s\]:])|\d{1,7}\.\d{6}(?=\])|\d{6}\s+\d{6}(?=\s)/y;

/** First letters of the months and weekdays, and their second letters, as a cheap way to say no. */
const NAME_START = /[ADFJMNOSTW][a-z]/;
const ASCII = 128;
const mayStartName = new Uint8Array(ASCII).map((_, code) => (NAME_START.test(`${String.fromCharCode(code)}a`) ? 1 : 0));

/**
 * Index after the timestamp that begins at `start`, or -1.
 *
 * @param atStart Whether nothing but punctuation stands before: there bare counters count as times too.
 */
export function timestampEnd(text: string, start: number, atStart: boolean): number {
  const first = text.charCodeAt(start);
  if (!isDigit(first)) {
    const mayBeName = first < ASCII && mayStartName[first] === 1 && codeAt(text, start + 2) > 96;
    return mayBeName ? endOf(FROM_NAME, text, start) : -1;
  }
  let digits = 1;
  while (digits <= LONGEST_COUNTER && isDigit(codeAt(text, start + digits))) digits++;
  const form = FROM_DIGITS.get(digits);
  if (form !== undefined && maySeparate(digits, codeAt(text, start + digits))) {
    const end = endOf(form, text, start);
    if (end !== -1) return end;
  }
  return atStart ? endOf(AT_START, text, start) : -1;
}

const LONGEST_COUNTER = 14;

/** The cheap no to most numbers: what may follow the first digits of a date or a time. */
function maySeparate(digits: number, next: number): boolean {
  if (digits > 4) return true;
  return next === 45 || next === 47 || next === 46 || (digits < 4 && (next === 58 || next === 32));
}

function anyOf(...forms: readonly string[]): RegExp {
  return new RegExp(forms.join('|'), 'y');
}

function endOf(form: RegExp, text: string, start: number): number {
  form.lastIndex = start;
  if (!form.test(text)) return -1;
  return isAlphanumeric(codeAt(text, form.lastIndex)) ? -1 : form.lastIndex;
}

/**
 * Index after what belongs to a leading timestamp at [start, end): separators, and the host name of a syslog header,
 * which stands before `program[pid]` or, after a BSD timestamp, before `program:`.
 */
export function headerEnd(text: string, start: number, end: number): number {
  let i = syslogHostEnd(text, end, !isDigit(codeAt(text, start)));
  i = spaceEnd(text, i);
  const code = codeAt(text, i);
  const isSeparator =
    code === 124 || code === 44 || code === 59 || code === 58 || (code === 45 && isSpace(text, i + 1));
  return isSeparator ? spaceEnd(text, i + 1) : i;
}

function syslogHostEnd(text: string, end: number, isBsd: boolean): number {
  const host = spaceEnd(text, end);
  const hostEnd = nameEnd(text, host);
  const program = spaceEnd(text, hostEnd);
  if (host === end || hostEnd === host || program === hostEnd || text[hostEnd - 1] === ':') return end;
  const programEnd = nameEnd(text, program);
  if (programEnd === program) return end;
  if (text[programEnd - 1] === ':') return isBsd && isSpace(text, programEnd) ? hostEnd : end;
  if (text[programEnd] !== '[') return end;
  let pidEnd = programEnd + 1;
  while (isDigit(codeAt(text, pidEnd))) pidEnd++;
  return pidEnd > programEnd + 1 && text[pidEnd] === ']' ? hostEnd : end;
}

function isSpace(text: string, at: number): boolean {
  return kindOf(codeAt(text, at)) === SPACE;
}

function spaceEnd(text: string, start: number): number {
  let i = start;
  while (i < text.length && isSpace(text, i)) i++;
  return i;
}

/** End of a host or program name: letters, digits and `. : / ( ) @ _ -`. */
function nameEnd(text: string, start: number): number {
  let i = start;
  for (;;) {
    const code = codeAt(text, i);
    const kind = kindOf(code);
    const isName =
      (kind & (SPACE | DELIMITER)) === 0 ? (kind & HAS.punctuation) === 0 || code === 95 : code === 40 || code === 41;
    if (!isName) return i;
    i++;
  }
}
