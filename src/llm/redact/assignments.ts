import { isSecretName, NAME } from './secret-names.ts';
import { isStandIn, isTold } from './secret-values.ts';
import { HIDDEN, type Hide } from './vault.ts';

/**
 * Values that stand next to a name that says they are secret: `password=...`, `"apiKey": "..."`, `--token ...`,
 * `<secret>...</secret>`, "password is ...", in all the ways that languages quote.
 */
export function hideAssignments(text: string, hide: Hide): string {
  const secret = (value: string): string => (hiddenOnly.test(value) ? value : hide('secret', value));
  return text
    .replace(element, (match, open: string, name: string, value: string) =>
      isSecretName(name) ? open + secret(value) : match,
    )
    .replace(assignment, (match: string, ...groups: AssignmentGroups) => {
      const [name, separator, , quoted, bare, offset, whole] = groups;
      const value = quoted ?? bare ?? '';
      if (!isSecretName(name) || isStandIn(value) || isWorkingDirectory(name, value)) return match;
      // `secret "x"` names a secret, `password "x"` tells it
      if (separator.trim() === '' && !/^--|pass|pwd/i.test(name)) return match;
      if (quoted === undefined && !isTold(value, name, separator, whole.slice(offset + match.length))) return match;
      return replaceLast(match, value, secret(value));
    })
    .replace(maskedName, (_match, lead: string, value: string) => lead + secret(value))
    .replace(spokenPassword, (match, lead: string, value: string) => (isStandIn(value) ? match : lead + secret(value)))
    .replace(spokenToken, (_match, lead: string, value: string) => lead + secret(value))
    .replace(sqlPassword, (_match, lead: string, value: string) => lead + secret(value))
    .replace(attachedFlag, (_match, lead: string, value: string) => lead + secret(value));
}

/** What `assignment` captures, then where it matched and in what. */
type AssignmentGroups = [
  name: string,
  separator: string,
  open: string | undefined,
  quoted: string | undefined,
  bare: string | undefined,
  offset: number,
  whole: string,
];

const QUOTE = `(?:\\\\*["'\`]|&quot;|%22|%27)`;

/** A value without quotes ends at a space, or at a delimiter that another name or the end follows. */
const BARE = `(?:(?![,;&|](?:\\s|$|${QUOTE}?[\\w .-]{1,40}?${QUOTE}?\\s?[=:]))(?![)\\]}>"'\`]+(?:[\\s,;.:)\\]}>]|$))[^\\s"'\`])+`;

const assignment = new RegExp(
  `(?<![\\w$])(?<name>--?${NAME}|${NAME})${QUOTE}?(?<separator>\\s{0,3}(?:=>|:=|->|={1,2}|:|%3D|%3d)\\s{0,3}|\\s{1,2}(?=${QUOTE})|(?<=--[\\w.-]{1,60})\\s)` +
    `(?:(?<open>${QUOTE})(?<quoted>(?:(?!\\k<open>)(?:\\\\.|[^\\r\\n])){1,500}?)(?:\\k<open>|$)|(?<bare>${BARE}))`,
  'gi',
);

/** `<password>x</password>` and `<add key="Password" value="x"/>`. */
const element = new RegExp(
  `(<(?:\\w{1,20}:)?(${NAME})(?:\\s[^<>]{0,200})?>\\s*|\\bkey=["']${NAME}["']\\s+value=["'])([^<>"'\\r\\n]{1,500})`,
  'gi',
);

/** The name itself was taken for a value by the normaliser: `<str>=>"..."`. */
const maskedName = new RegExp(`([${HIDDEN}]\\s?=>\\s?["'])([^\\s"']{4,})`, 'g');

/** "the password is x", "changed password to x": x is quoted, or not a plain word. */
const spokenPassword = new RegExp(
  `(\\b(?:password|passwd|passphrase|passcode|secret|pin|token|api key|credentials?)(?:\\s+for\\s+\\S{1,60})?\\s+(?:is|was|to|set to|changed to|reset to)\\s*:?\\s+["'\`]?)((?<=["'\`])[^"'\`]+|[^\\s"'\`,;]*[\\d!@#$%^&*?+=${HIDDEN}][^\\s"'\`,;]*)`,
  'gi',
);

/** "invalid token x", x being a token that the normaliser has masked a part of. */
const spokenToken = new RegExp(
  `(\\b(?:token|secret|password|key)\\s+["']?)([^\\s"',;()]*[${HIDDEN}][^\\s"',;()]*)`,
  'gi',
);

const sqlPassword =
  /(\b(?:identified\s+(?:with\s+\S{1,40}\s+)?(?:by|as)|with\s+(?:encrypted\s+)?password)\s+["'])([^"']+)/gi;

/** \`mysql -psecret\`, \`sshpass -p secret\`, \`redis-cli -a secret\` */
const attachedFlag =
  /(\b(?:mysql(?:dump|admin)?\b[^\r\n]{0,200}?\s-p|sshpass\s+-p\s*|redis-cli\b[^\r\n]{0,200}?\s-a\s+|(?:unzip|zip|7z)\b[^\r\n]{0,200}?\s-[pP]\s?))(?![\s-])([^\s"']+)/g;

/** `PWD=/srv` */
function isWorkingDirectory(name: string, value: string): boolean {
  return /^(?:OLD)?PWD$/i.test(name) && value.startsWith('/');
}

const hiddenOnly = new RegExp(`^[${HIDDEN}]+$`);

function replaceLast(text: string, value: string, replacement: string): string {
  const at = text.lastIndexOf(value);
  return text.slice(0, at) + replacement + text.slice(at + value.length);
}
