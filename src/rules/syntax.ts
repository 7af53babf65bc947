/** What a pattern is made of, as far as cost, literals and the linear matcher need to know. */
export type Node = Unit | Assertion | Look | Opaque | Sequence | Alternation | Repeat;

/** Consumes one UTF-16 code unit. */
export interface Unit {
  readonly kind: 'unit';
  /** Its source, a whole pattern by itself: `a`, `\d`, `[^"]`, `.` */
  readonly source: string;
  /** The code units that it stands for without case folding, where the source lists them; else undefined. */
  readonly members: readonly string[] | undefined;
}

/** Consumes nothing and looks at the neighbouring code units alone. */
export interface Assertion {
  readonly kind: 'assertion';
  readonly source: '^' | '$' | '\\b' | '\\B';
}

/** A look-ahead or look-behind, positive or negative. */
interface Look {
  readonly kind: 'look';
  readonly body: Node;
}

/** A back reference or legacy octal escape: consumes something, nothing more is claimed. */
interface Opaque {
  readonly kind: 'opaque';
}

interface Sequence {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
}

interface Alternation {
  readonly kind: 'alternation';
  readonly branches: readonly Node[];
}

/** Lazy and greedy alike: they differ in what is captured, not in whether the text matches. */
export interface Repeat {
  readonly kind: 'repeat';
  readonly body: Node;
  readonly min: number;
  /** `Infinity` for `*`, `+` and `{n,}`. */
  readonly max: number;
}

/**
 * Parses the source of a regular expression that `new RegExp(pattern)` accepted, without the `u` and `v` flags.
 * Source: ECMA-262, 22.2.1 with the additions of annex B.1.2.
 *
 * @throws {SyntaxError} for a group that this parser does not know, such as `(?i:...)` of newer engines.
 */
export function parsePattern(pattern: string): Node {
  const cursor = { pattern, at: 0, named: /\(\?<(?![=!])/.test(pattern) };
  const node = parseAlternation(cursor);
  if (cursor.at < pattern.length) throw new SyntaxError(`unexpected "${pattern[cursor.at]}" at ${cursor.at}`);
  return node;
}

interface Cursor {
  readonly pattern: string;
  at: number;
  /** Whether a named group exists, which makes `\k` a back reference. */
  readonly named: boolean;
}

function parseAlternation(cursor: Cursor): Node {
  const branches = [parseSequence(cursor)];
  while (take(cursor, /\|/y) !== undefined) branches.push(parseSequence(cursor));
  return branches.length === 1 ? branches[0]! : { kind: 'alternation', branches };
}

function parseSequence(cursor: Cursor): Node {
  const items: Node[] = [];
  for (let next = cursor.pattern[cursor.at]; next !== undefined && next !== '|' && next !== ')';) {
    items.push(parseQuantifier(cursor, parseAtom(cursor)));
    next = cursor.pattern[cursor.at];
  }
  return items.length === 1 ? items[0]! : { kind: 'sequence', items };
}

function parseQuantifier(cursor: Cursor, body: Node): Node {
  if (!'*+?{'.includes(cursor.pattern[cursor.at] ?? ' ')) return body;
  const found = take(cursor, /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y);
  if (found === undefined) return body;
  const [, sign, low, comma, high] = found;
  if (sign !== undefined) return { kind: 'repeat', body, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
  const min = Number(low);
  if (comma === '') return { kind: 'repeat', body, min, max: min };
  return { kind: 'repeat', body, min, max: high === '' ? Infinity : Number(high) };
}

function parseAtom(cursor: Cursor): Node {
  const start = cursor.pattern[cursor.at]!;
  if (start === '(') return parseGroup(cursor);
  if (start === '[') return parseClass(cursor);
  if (start === '\\') return parseEscape(cursor);
  cursor.at++;
  if (start === '^' || start === '$') return { kind: 'assertion', source: start };
  if (start === '.') return { kind: 'unit', source: '.', members: undefined };
  return character(start);
}

function parseGroup(cursor: Cursor): Node {
  const look = take(cursor, /\(\?<?[=!]/y) !== undefined;
  if (!look && take(cursor, /\(\?:|\(\?<[^>]*>|\((?!\?)/y) === undefined) {
    throw new SyntaxError(`group "${cursor.pattern.slice(cursor.at, cursor.at + 4)}" is not supported`);
  }
  const body = parseAlternation(cursor);
  cursor.at++; // the closing parenthesis
  return look ? { kind: 'look', body } : body;
}

function parseClass(cursor: Cursor): Node {
  const [source, inner] = take(cursor, /\[((?:[^\]\\]|\\[^])*)\]/y)!;
  const listed = /^[^\\^-]+$/.test(inner!); // no escape, range or negation
  return { kind: 'unit', source, members: listed ? inner!.split('') : undefined };
}

const CONTROL: Readonly<Record<string, string>> = { f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function parseEscape(cursor: Cursor): Node {
  if (take(cursor, /\\b/y) !== undefined) return { kind: 'assertion', source: '\\b' };
  if (take(cursor, /\\B/y) !== undefined) return { kind: 'assertion', source: '\\B' };
  if (take(cursor, cursor.named ? /\\(?:\d+|k<[^>]*>)/y : /\\\d+/y) !== undefined) return { kind: 'opaque' };
  const set = take(cursor, /\\[dDwWsS]/y);
  if (set !== undefined) return { kind: 'unit', source: set[0], members: undefined };
  const code = take(cursor, /\\(?:x([\da-f]{2})|u([\da-f]{4}))/iy);
  if (code !== undefined) return character(String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, 16)));
  const control = take(cursor, /\\c([a-z])/iy);
  if (control !== undefined) return character(String.fromCharCode(control[1]!.charCodeAt(0) % 32));
  if (take(cursor, /\\(?=c)/y) !== undefined) return character('\\'); // annex B: a lone \c is a backslash, then "c"
  const [, letter] = take(cursor, /\\([^])/y)!;
  return character(CONTROL[letter!] ?? letter!);
}

function character(char: string): Unit {
  const source = /\w/.test(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return { kind: 'unit', source, members: [char] };
}

function take(cursor: Cursor, sticky: RegExp): RegExpExecArray | undefined {
  sticky.lastIndex = cursor.at;
  const found = sticky.exec(cursor.pattern);
  if (found === null) return undefined;
  cursor.at = sticky.lastIndex;
  return found;
}
