import { HAS, SPACE, codeAt, codesOf, isDigit, kindOf } from './characters.ts';
import { maskWords } from './numbers.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])/gi;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}(?:[:#]\d+|\/\d\d?)?$/;
const IPV6 =
  /^\/?(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d+){0,3}(?:%\w+)?(?:[/#]\d+)?$/i;
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
const MIN_SEPARATORS = 3;
const MAC_LENGTH = 17;
const SLASH = 47;
const BACKSLASH = 92;
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
  if (flags & (HAS.slash | HAS.backslash)) return slashedToken(token, flags);
  if (flags & HAS.digit) {
    if (flags & HAS.dot && isIpv4(token, 0)) return '<host>';
    if (flags & HAS.colon) {
      const colon = token.indexOf(':');
      if (token.indexOf(':', colon + 1) !== -1) {
        if (MAC.test(token)) return '<mac>';
        if (IPV6.test(token)) return '<host>';
      }
    } else if (token.length === MAC_LENGTH && MAC.test(token)) return '<mac>';
  }
  return flags & HAS.dot && endsInDomain(token) && HOST.test(token) ? '<host>' : '';
}

function slashedToken(token: string, flags: number): string {
  if (flags & HAS.colon && token.includes('://') && URL_START.test(token)) return '<url>';
  if (flags & HAS.digit && (isIpv4(token, codeAt(token, 0) === SLASH ? 1 : 0) || IPV6.test(token))) return '<host>';
  return isPath(token) ? '<path>' : '';
}

/** `10.0.0.7`, `10.0.0.7:443`, `10.0.0.7#443`, `10.0.0.0/8` */
function isIpv4(token: string, start: number): boolean {
  if (!isDigit(codeAt(token, start))) return false;
  const second = codeAt(token, start + 1);
  if (!isDigit(second) && second !== 46) return false;
  return IPV4.test(start === 0 ? token : token.slice(start));
}

function endsInDomain(token: string): boolean {
  const dot = token.lastIndexOf('.');
  if (codeAt(token, dot + 1) < 97) return false;
  const port = token.indexOf(':', dot);
  const end = port === -1 ? token.length : port;
  const length = end - dot - 1;
  return length >= 2 && length <= LONGEST_DOMAIN && TOP_LEVEL_DOMAINS.has(token.slice(dot + 1, end));
}

function isPath(token: string): boolean {
  return ABSOLUTE_PATH.test(token) || FILE.test(token) || isDeep(token);
}

/** `a/b/c/d` is a path, `read/write` and `and/or` are words, as is `MAIL/EXPN/VRFY/ETRN`. */
function isDeep(token: string): boolean {
  let separators = 0;
  let hasLower = false;
  for (let i = 0; i < token.length; i++) {
    const code = token.charCodeAt(i);
    if (code === SLASH || code === BACKSLASH) separators++;
    else if (code >= 97 && code <= 122) hasLower = true;
  }
  return separators >= MIN_SEPARATORS && hasLower;
}

const STOPS_ADDRESS = /[\s"'`]/g;
const CLOSERS = /[)\]}>,;|.]+$/;
const LAST_COMMAS = /[,;.]+$/;

/** Index after a URL or a path with a query, whose tail may hold characters that end other tokens. */
export function addressEnd(text: string, start: number, end: number): number {
  if (end === text.length || kindOf(codeAt(text, end)) === SPACE) return end;
  if (!/[?]|:\/\//.test(text.slice(start, end))) return end;
  STOPS_ADDRESS.lastIndex = end;
  const stop = STOPS_ADDRESS.exec(text)?.index ?? text.length;
  const tail = text.slice(end, stop);
  return end + tail.replace(tail.includes('(') ? LAST_COMMAS : CLOSERS, '').length;
}

const SIZE_UNIT = /\s(?:[KMGTP]i?)?B(?:ytes?)?(?![\w-])|\s(?:bytes?|ms|msecs?|secs?|seconds?)(?![\w-])/y;
const UNIT_START = codesOf('BKMGTPbms');

/** Index after a unit that is set apart from its number, `5.2 KB`: it changes with the number. */
export function sizeUnitEnd(text: string, end: number): number {
  if (codeAt(text, end) !== 32 || !UNIT_START.has(codeAt(text, end + 1))) return end;
  SIZE_UNIT.lastIndex = end;
  return SIZE_UNIT.test(text) ? SIZE_UNIT.lastIndex : end;
}
