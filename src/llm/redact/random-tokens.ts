import { HIDDEN, type Hide } from './vault.ts';

/** Characters of a token from which on randomness can be told from a long name. */
const MIN_LENGTH = 20;
/** Changes between lower case, upper case and digits, a character. Names change at a word's start only. */
const MIN_CHANGES = 0.2;
/** Share of capitals from which on a run of letters is no name. */
const MAX_CAPITALS = 0.36;
/** Bits a character: English names of that length stay below, base64 is near 4.5. */
const MIN_ENTROPY = 3.7;

/** Tokens that look drawn by lot: what is left when neither a name nor a prefix says that they are secret. */
export function hideRandomTokens(text: string, hide: Hide): string {
  return text
    .replace(candidate, (value) => (isRandom(value) ? hide('secret', value) : value))
    .replace(remnant, (value) => (isName(value) ? value : hide('secret', value)));
}

const candidate = new RegExp(`(?<![\\w/+.${HIDDEN}-])[\\w+/=${HIDDEN}-]{${MIN_LENGTH},}(?![\\w.])`, 'g');

/** What the normaliser left of a token when it took the rest for an id. */
const remnant = new RegExp(
  `(?<=[${HIDDEN}][-_.~+/=:]?)[A-Za-z]{6,}(?![\\w.])|(?<![\\w.])[A-Za-z]{6,}(?=[-_.~+/=]?[${HIDDEN}])`,
  'g',
);

/** Names have few capitals (`traceID`, `HttpServer`) or nothing else; letters drawn by lot have about a half. */
export function isName(letters: string): boolean {
  const capitals = letters.replace(/[a-z]/g, '').length;
  return capitals === letters.length || capitals < letters.length * MAX_CAPITALS;
}

function isRandom(token: string): boolean {
  const kinds = Array.from(token, kindOf);
  if (!kinds.includes('lower') || !kinds.includes('upper')) return false;
  if (!kinds.includes('digit') && isName(token.replace(/[^A-Za-z]/g, ''))) return false;
  let changes = 0;
  let letters = 0;
  for (let index = 0; index < kinds.length; index++) {
    const kind = kinds[index];
    const before = kinds[index - 1];
    if (kind === 'other') continue;
    letters++;
    // a capital before small letters is how words begin, not chance
    if (index > 0 && before !== 'other' && before !== kind && !(before === 'upper' && kind === 'lower')) changes++;
  }
  return letters >= MIN_LENGTH * 0.8 && changes / letters >= MIN_CHANGES && entropy(token) >= MIN_ENTROPY;
}

function kindOf(character: string): 'lower' | 'upper' | 'digit' | 'other' {
  if (character >= 'a' && character <= 'z') return 'lower';
  if (character >= 'A' && character <= 'Z') return 'upper';
  if ((character >= '0' && character <= '9') || character >= '\ue000') return 'digit';
  return 'other';
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
