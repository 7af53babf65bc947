import { HAS, SPACE, codesOf, isDigit, kindOf } from './characters.ts';
import { maskWords } from './numbers.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])/gi;
const IPV4 = /^\/?(?:\d{1,3}\.){3}\d{1,3}(?:[:#]\d+|\/\d\d?)?$/;
const IPV6 =
  /^\/?(?:[0-9a-f]{1,4}:){2,7}(?::|[0-9a-f]{1,4}|:[0-9a-f.:]+)(?:%\w+)?(?:\/\d+)?$|^::(?:[0-9a-f:.]+)(?:[/#]\d+)?$/i;
const MAC = /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i;
const EMAIL = /^[\w.+%-]+@[\w-]+(?:\.[\w-]+)+$/;
const URL_START = /^\+?[a-z][a-z\d+.-]{1,15}:\/\/./i;
/** Names that begin with a top-level domain are packages: `org.apache.hadoop.io`. */
const HOST =
  /^(?!(?:com|org|net|edu|gov|io|java|javax|sun|scala|kotlin|android|system)\.)[a-z\d](?:[a-z\d_-]*\.)+[a-z]+(?::\d+)?$/i;
const TOP_LEVEL_DOMAINS = new Set(
  (
    'com net org edu gov mil io info biz local localdomain internal intranet lan cloud dev app arpa asia xyz ' +
    'cn hk tw jp kr de uk fr nl it ru br eu ch se es au ca us pl cz be'
  ).split(' '),
);
const LONGEST_DOMAIN = 11;
const ABSOLUTE_PATH = /^(?:~|\.{1,2})?\/[\w.@%+~#*-]|^[a-z]:[\\/]|^\\\\[\w.]/i;
const SEPARATOR = /[\\/]/;
/** `a/b/c/d` is a path, `read/write` and `and/or` are words. */
const MIN_FOLDERS = 3;
const FILE = /[\w)-]\.[a-z][a-z\d+]{0,4}(?::\d+)*$/;

/**
 * The template of a token that holds a digit or a character of addresses and paths.
 *
 * @param flags Kinds of its characters, see `HAS`.
 * @param before The template's token before it when only `:`, `=`, `#`, brackets and spaces stand between, else ''.
 */
export function maskToken(token: string, flags: number, before: string): string {
  if ((flags & HAS.placeholder) === 0) {
    const whole = wholeToken(token, flags);
    if (whole !== '') return whole;
    if (token.length >= 36 && (flags & (HAS.dash | HAS.digit)) === (HAS.dash | HAS.digit))
      token = token.replace(UUID, '<uuid>');
  }
  return (flags & HAS.digit) === 0 ? token : maskWords(token, before);
}

function wholeToken(token: string, flags: number): string {
  if (flags & HAS.at && EMAIL.test(token)) return '<email>';
  if (flags & HAS.digit) {
    if (flags & HAS.dot && isAddressStart(token) && IPV4.test(token)) return '<host>';
    if (flags & HAS.colon && token.indexOf(':') !== token.lastIndexOf(':')) {
      if (MAC.test(token)) return '<mac>';
      if (IPV6.test(token)) return '<host>';
    } else if (token.length === 17 && MAC.test(token)) return '<mac>';
  }
  if (flags & HAS.slash && flags & HAS.colon && URL_START.test(token)) return '<url>';
  if (flags & (HAS.slash | HAS.backslash)) return isPath(token) ? '<path>' : '';
  if (flags & HAS.dot && endsInDomain(token) && HOST.test(token)) return '<host>';
  return '';
}

function isAddressStart(token: string): boolean {
  const first = token.charCodeAt(0);
  return isDigit(first) || first === 47;
}

function endsInDomain(token: string): boolean {
  const dot = token.lastIndexOf('.');
  const port = token.indexOf(':', dot);
  const length = (port === -1 ? token.length : port) - dot - 1;
  if (length < 2 || length > LONGEST_DOMAIN || token.charCodeAt(dot + 1) < 97) return false;
  const label = port === -1 ? token.slice(dot + 1) : token.slice(dot + 1, port);
  return TOP_LEVEL_DOMAINS.has(label);
}

function isPath(token: string): boolean {
  if (ABSOLUTE_PATH.test(token)) return true;
  return (token.split(SEPARATOR).length > MIN_FOLDERS && /[a-z]/.test(token)) || FILE.test(token);
}

const STOPS_ADDRESS = /[\s"'`]/g;
const CLOSERS = /[)\]}>,;|.]+$/;

/** Index after a URL or a path with a query, whose tail may hold characters that end other tokens. */
export function addressEnd(text: string, start: number, end: number): number {
  if (end === text.length || kindOf(text.charCodeAt(end)) === SPACE) return end;
  const token = text.slice(start, end);
  if (!token.includes('?') && !token.includes('://')) return end;
  STOPS_ADDRESS.lastIndex = end;
  const stop = STOPS_ADDRESS.exec(text)?.index ?? text.length;
  return end + text.slice(end, stop).replace(CLOSERS, '').length;
}

const SIZE_UNIT = /\s(?:[KMGTP]i?)?B(?:ytes?)?(?![\w-])|\s(?:bytes?|ms|msecs?|secs?|seconds?)(?![\w-])/y;
const UNIT_START = codesOf('BKMGTPbms');

/** Index after a unit that is set apart from its number, `5.2 KB`: it changes with the number. */
export function sizeUnitEnd(text: string, end: number): number {
  if (text.charCodeAt(end) !== 32 || !UNIT_START.has(text.charCodeAt(end + 1))) return end;
  SIZE_UNIT.lastIndex = end;
  return SIZE_UNIT.test(text) ? SIZE_UNIT.lastIndex : end;
}
