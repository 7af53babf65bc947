import { isName } from './random-tokens.ts';
import { isVagueName } from './secret-names.ts';

/** Characters that a value needs under a name that means other things as often. */
const MIN_VAGUE_VALUE = 8;
/** Characters from which on a value is no word. */
const MIN_UNSPOKEN = 20;

const words = new Set(
  `true false null nil none undefined nan yes no on off ok set unset empty missing invalid valid expired required optional
   denied failed failure success successful succeeded accepted rejected refused changed unchanged updated created deleted
   removed found not is was for the and or of in to from with has been incorrect wrong bad error unknown unexpected disabled
   enabled hidden redacted filtered masked omitted secret password token string number boolean object array basic bearer
   digest default`.split(/\s+/),
);

/** Not a value but a word about it, a variable's name, or what another tool has put in its place already. */
export function isStandIn(value: string): boolean {
  const bare = value.replace(/^[\s"'[({<*]+|[\s"')\]}>*.,;:!]+$/g, '');
  return (
    words.has(bare.toLowerCase()) ||
    /^[^\p{L}\p{N}\ue000-\uf8ff]{0,3}$/u.test(value) ||
    /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/.test(bare) ||
    /^(?:[x*•#.-]*|\[?redacted.*|\$\{?[\w.]+\}?|%\w+%?|\{\{.*\}\})$/i.test(bare)
  );
}

/**
 * Whether an unquoted value is a secret, judged by what joins it to its name and by what comes after it. After a colon or
 * a space, prose and package coordinates go on as often as a value comes; after an equals sign they do not.
 */
export function isTold(value: string, name: string, separator: string, after: string): boolean {
  if (structure.test(value) || (/tokens$/i.test(name) && /^\d+$/.test(value))) return false;
  if (isVagueName(name) && (!separator.includes('=') || value.length < MIN_VAGUE_VALUE) && !/pass$/i.test(name)) {
    return false;
  }
  if (separator.includes('=') || name.startsWith('--')) return true;
  if (/(?:^|[-_.])pass$/i.test(name)) return false;
  if (/[\d!@#$%^&*?+=~\ue000-\uf8ff]/.test(value) || value.length >= MIN_UNSPOKEN) return true;
  if (/[a-z][-_.A-Z]/.test(name) || !/\s/.test(separator)) return true; // `api_key: x` is no prose, `token: x` may be
  return /pass|pwd|secret/i.test(name) && (!isName(value) || /^\s*(?:$|[\r\n,;|(){}[\]"'])/.test(after));
}

/** A dumped object, a list, code: `Token{1f2a ...`, `[SMB2,(null)]`, `sig@entry=6`. What is in it is looked at by itself. */
const structure = /^(?:[&*]?[A-Za-z_$.]*[{([]|[&@]$)|\$\{|@entry=/;
