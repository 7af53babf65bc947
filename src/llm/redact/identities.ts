import type { Hide } from './vault.ts';

/** User names where the words around them say so; only `strict` does this, since a name may be a word that counts. */
export function hideUsers(text: string, hide: Hide): string {
  return text.replace(userName, (match, lead: string, name: string) =>
    notNames.has(name.toLowerCase()) ? match : lead + hide('user', name),
  );
}

/** Host names with a domain, and after words that introduce a host. */
export function hideHosts(text: string, hide: Hide): string {
  return text
    .replace(domain, (value) => (notHosts.test(value) ? value : hide('host', value)))
    .replace(hostName, (_match, lead: string, name: string) => lead + hide('host', name));
}

const userName =
  /(\b(?:r?user(?:_?name)?|login|account|logname|uname|usr)["']?\s*[=:]\s*["']?|\b(?:invalid |illegal |unknown )?user\s+["']?|\b(?:password|publickey|keyboard-interactive(?:\/pam)?) for (?:invalid user )?["']?|\bsession (?:opened|closed) for user |\bby (?=[\w.-]+\(uid=))([\p{L}\d_][\p{L}\d_.$-]{0,63})/giu;
const notNames = new Set(
  'root unknown invalid not is was has been in on for from to and or with by does did cannot could failed id ids name agent input data space mode level process request session login logged null none'.split(
    ' ',
  ),
);

const domain =
  /(?<![\w.@/-])(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,8}(?:com|net|org|edu|gov|mil|int|io|dev|app|cloud|local|localdomain|internal|intranet|lan|corp|home|priv|private|test|example|info|biz|[a-z]{2})(?![\w-]|\.\w|\()/gi;
/** Files and code that look like a name in a two-letter domain. */
const notHosts = /\.(?:py|js|ts|rb|rs|go|cc|cs|sh|pl|pm|so|md|kt|ml|hs|vb|ps|gz|xz|db|in|am|ac|po|mo|la|ko|id|io)$/i;
const hostName = /(\b(?:host|hostname|server|node|machine)["']?\s*[=:]\s*["']?)([a-z\d][a-z\d.-]{1,253}[a-z\d])/gi;
