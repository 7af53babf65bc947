/** What a character of a token tells about the token: one bit a kind, so that a token's kinds are the OR of its characters. */
export const HAS = {
  letter: 1,
  digit: 2,
  dot: 4,
  slash: 8,
  backslash: 16,
  at: 32,
  colon: 64,
  dash: 128,
  punctuation: 256,
  placeholder: 512,
} as const;

/** Kinds of characters that end a token. */
export const SPACE = 1024;
export const DELIMITER = 2048;

const UTF_16 = 2 ** 16;
const ASCII = 128;
/** Spaces beyond ASCII, first and last of each run; every other character there counts as a letter. */
const WIDE_SPACES = [
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
] as const;
const kinds = new Uint16Array(UTF_16).fill(HAS.letter);
for (let code = 0; code < ASCII; code++) kinds[code] = asciiKind(String.fromCharCode(code));
for (const [first, last] of WIDE_SPACES) kinds.fill(SPACE, first, last + 1);

// `kindOf`, `codeAt` and `codeBefore` run for every character: they are short enough that V8 always puts them in their place.

/** The kind of a UTF-16 code unit. */
export function kindOf(code: number): number {
  return kinds[code]!;
}

/** The code unit at `index`, 0 (which counts as space) after the end: an index out of range makes `charCodeAt` slow for good. */
export function codeAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : 0;
}

/** The code unit before `index`, 0 before the start. */
export function codeBefore(text: string, index: number): number {
  return index > 0 ? text.charCodeAt(index - 1) : 0;
}

/** The code units of some ASCII characters. */
export function codesOf(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)));
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isAsciiLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}

export function isHexDigit(code: number): boolean {
  return isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 102);
}

/** Letters and digits, with every character beyond ASCII taken for a letter. */
export function isAlphanumeric(code: number): boolean {
  return (kindOf(code) & (HAS.letter | HAS.digit)) !== 0;
}

function asciiKind(character: string): number {
  if (character <= ' ' || character === '\x7f') return SPACE;
  if (/[a-z]/i.test(character)) return HAS.letter;
  if (/\d/.test(character)) return HAS.digit;
  if ('"\'`()[]{}<>,;=|'.includes(character)) return DELIMITER;
  const punctuation: Record<string, number> = {
    '.': HAS.dot,
    '/': HAS.slash,
    '\\': HAS.backslash,
    '@': HAS.at,
    ':': HAS.colon,
    '-': HAS.dash,
  };
  return punctuation[character] ?? HAS.punctuation;
}
