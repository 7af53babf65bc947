/** Whose key it is when a key is a secret: `api_key`, `clientKey`, `storage-access-key`; no `primary key` in prose. */
const OWNERS =
  'api|access|auth|private|secret|signing|encryption|account|shared|master|license|storage|service|client|session|deploy|ssh|hmac|aes|secondary|webhook|app|application|consumer|subscription';

/** Words that no other word holds. A plural may follow, but no further letters: `secretsmanager`, `tokenizer`. */
const LONG = `pass(?:word|wd|phrase|code|wort)|pwd|secret|token|(?:${OWNERS})[-_. ]?(?:access[-_. ]?)?key|authorization|session[-_. ]?id|jsessionid|phpsessid|mnemonic|seed[-_. ]?phrase|connection[-_. ]?string`;

/** Words that are a secret's only where they stand by themselves: they are parts of too many others. */
const SHORT = 'pass|pw|psw|pin|sid|sig|sas|otp|cvv|cvc|auth|session|bearer|jwt|creds?|credentials?|signature';

/** Source of a pattern for whatever might be a secret's name; `isSecretName` decides. */
export const NAME = `[\\w.$-]{0,40}?(?:${LONG}|${SHORT})[\\w.$-]{0,24}`;

const longWord = new RegExp(`(?:${LONG})s?(?![a-z])`, 'i');
const shortWord = new RegExp(`(?:^|[-_.$ ])(?:${SHORT})$`, 'i');

/** Names about a secret: what it is called, where it lies, how long, whether; and the tokens that are counted. */
const aboutSecrets =
  /(?:(?<!session)[-_. ]ids?|[-_.](?:names?|files?|path|dir|ur[il]|endpoint|types?|length|len|size|counts?|policy|expir\w*|expiry|ttl|age|timeout|lifetime|attempts?|retries|limit|version|alg\w*|mode|method|status|state|provider|enabled|required|index|range|field|hint|usage|rate|prefix|budget|scopes?|format|bits|issuer|audience|ref))$|^(?:max|min|num|total|prompt|completion|input|output|cached)[-_.]?tokens?$|public[-_. ]?key/i;

/** Whether a value under this name is a secret: `dbPassword`, `AWS_SECRET_ACCESS_KEY`, `--auth-token`. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/^-+/, '').replace(/([a-z\d])([A-Z])/g, '$1_$2');
  return (longWord.test(words) || shortWord.test(words)) && !aboutSecrets.test(words);
}

/** Names of which the value may as well be something else: `sig=11`, `auth: none of these`, `session: 3`. */
export const isVagueName = (name: string): boolean =>
  /(?:^|[-_.])(?:pass|sid|sig|sas|auth|session|signature|creds?|credentials?)$/i.test(name);
