import { prefixedToken } from './prefixes.ts';
import { HIDDEN, type Hide } from './vault.ts';

/** Credentials that are known by their own shape or by the header they are in. */
export function hideCredentials(text: string, hide: Hide): string {
  const secret = (value: string): string => hide('secret', value);
  return hidePrivateKey(text, secret)
    .replace(cookies, (match, name: string, value: string) => (isBlank(value) ? match : name + secret(value)))
    .replace(authorization, (match, header: string, value: string) => (isBlank(value) ? match : header + secret(value)))
    .replace(webLogin, (_match, scheme: string, user: string) => `${scheme}${secret(user)}@`)
    .replace(login, (_match, scheme: string, user: string) => `${scheme}${secret(user)}@`)
    .replace(webhook, (_match, host: string, path: string) => host + secret(path))
    .replace(jwt, secret)
    .replace(prefixedToken, secret)
    .replace(bareScheme, (match, scheme: string, value: string) =>
      looksLikeToken(value) ? scheme + secret(value) : match,
    )
    .replace(curlLogin, (_match, flag: string, user: string) => flag + secret(user));
}

/**
 * From the opening line of a PEM block to its closing one, or to the end of the text: a cut key is a key. Of either line
 * a template may have left a part only.
 */
function hidePrivateKey(text: string, secret: (value: string) => string): string {
  const opening = pemOpening.exec(text);
  if (opening === null) return text;
  const closing = /PRIVATE KEY(?: BLOCK)?-----/g;
  closing.lastIndex = opening.index + opening[0].length;
  const end = closing.exec(text) === null ? text.length : closing.lastIndex;
  const rest = hidePrivateKey(text.slice(end), secret);
  return text.slice(0, opening.index) + secret(text.slice(opening.index, end)) + rest;
}

const pemOpening = new RegExp(
  `(?:-----BEGIN[ A-Z0-9_-]{0,60}|(?<=[${HIDDEN}] )(?:[A-Z]{2,10} )?)PRIVATE(?: KEY(?: BLOCK)?-----)?`,
);

/** The whole header value: any cookie may be a session. A quote ends it where the header is quoted as a whole. */
const cookies = /(\b(?:set-)?cookie\d?["']?\s*[:=]\s*)(\[?["']?[^"'\r\n\]]*[^"'\s\r\n\]])/gi;

/** Scheme and credentials, or credentials alone. */
const authorization =
  /(\b(?:proxy-)?authorization["'\\]*\s*[:=]\s*["'\\[]*(?:(?:basic|bearer|token|digest|negotiate|ntlm|apikey|api-key|aws4-hmac-sha256|hawk|key)\s+)?)([^\s"'\\,\]}](?:[^"'\\\r\n\]}]*[^\s"'\\,\]}])?)/gi;

const bareScheme = new RegExp(`(\\b(?:bearer|basic)\\s+)([\\w.~+/=${HIDDEN}-]{6,})`, 'gi');

/** `https://user:password@host`, `https://token@host` */
const webLogin = /(\bhttps?:\/\/)([^\s/"'<>@:]{0,200}:[^\s/"'<>]{1,200}|(?=[A-Za-z]*\d)[^\s/"'<>@:]{20,200})@/gi;

/** `postgres://user:password@host` and the like; outside the web a password may hold a slash. */
const login = /((?!https?:)\b[a-z][a-z0-9+.-]{0,30}:\/\/)([^\s/"'<>@:]{0,200}:[^\s"'<>]{0,199}[^\s"'<>/])@/gi;

const curlLogin = /(\bcurl\b[^\r\n]{0,300}?\s(?:-u|--user)[ =]["']?)([^\s"':]{1,100}:[^\s"']+)/g;

/** Whoever has the address can post to it. */
const webhook = new RegExp(
  `(\\bhooks\\.slack\\.com\\/(?:services|workflows|triggers)\\/|\\bdiscord(?:app)?\\.com\\/api\\/webhooks\\/|\\bwebhook\\.office\\.com\\/)([\\w/@${HIDDEN}-]+)`,
  'g',
);

/** Header and payload are base64 of `{"`; the signature may be missing or cut. */
const jwt = new RegExp(`\\bey[JIK][\\w${HIDDEN}-]{5,}(?:\\.[\\w${HIDDEN}-]+){1,4}`, 'g');

function looksLikeToken(value: string): boolean {
  return /[\d=\ue000-\uf8ff]/.test(value) || value.length >= 20;
}

/** Hidden already, or starred out by whoever wrote the line. */
function isBlank(value: string): boolean {
  return /^[[\]"'*\ue000-\uf8ff]+$/.test(value);
}
