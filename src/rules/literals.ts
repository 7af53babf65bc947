import type { Node } from './syntax.ts';

/** Shorter literals are in too many lines to tell rules apart. */
const MIN_LENGTH = 2;
/** Longer ones are cut: a few more letters hardly rule out more lines, but each makes the scan's table bigger. */
const MAX_LENGTH = 16;
/** Strings of branches side by side; beyond them a scan for one of many says less than a scan for a neighbour. */
const MAX_UNION = 64;
/** Strings made by joining neighbours; smaller, because each is a copy. */
const MAX_PRODUCT = 24;

/**
 * Strings of which every text that matches holds at least one, when both are lower-cased in ASCII.
 *
 * A case-insensitive regular expression without the `u` flag folds no other character into ASCII (ECMA-262, 22.2.2.7.3,
 * Canonicalize), so comparing ASCII alone without case misses no match.
 *
 * @returns Distinct lower-case ASCII strings of 2 characters or more, or undefined when the pattern has none.
 */
export function requiredLiterals(pattern: Node): readonly string[] | undefined {
  const { exact, some } = analyse(pattern);
  const strings = best([exact, some]);
  return strings && [...new Set(strings.map((text) => text.slice(0, MAX_LENGTH)))];
}

/** @returns Folded strings with one of which every match of a sequence begins; `['']` when there is no short list. */
export function exactPrefixes(items: readonly Node[]): readonly string[] {
  let prefixes: readonly string[] = [''];
  for (const item of items) {
    const { exact } = analyse(item);
    const longer = exact && product(prefixes, exact);
    if (longer === undefined) break;
    prefixes = longer;
  }
  return prefixes;
}

interface Strings {
  /** All that the node can match, folded; undefined when that is not a short list. */
  readonly exact: readonly string[] | undefined;
  /** Each match holds one of these; undefined when nothing is known. */
  readonly some: readonly string[] | undefined;
}

const UNKNOWN: Strings = { exact: undefined, some: undefined };
const EMPTY: Strings = { exact: [''], some: undefined };

function analyse(node: Node): Strings {
  switch (node.kind) {
    case 'unit':
      return { exact: folded(node.members), some: undefined };
    case 'assertion':
    case 'look':
      return EMPTY; // what a look-around sees need not lie inside the match, so it is not counted on
    case 'opaque':
      return UNKNOWN;
    case 'sequence':
      return analyseSequence(node.items);
    case 'alternation':
      return analyseAlternation(node.branches.map(analyse));
    case 'repeat':
    default:
      return analyseRepeat(analyse(node.body), node.min, node.max);
  }
}

/** Runs of neighbours that are known exactly make long strings; the best run or inner set wins. */
function analyseSequence(items: readonly Node[]): Strings {
  const sets: Array<readonly string[] | undefined> = [];
  let run: readonly string[] = [''];
  let whole = true;
  for (const item of items) {
    const { exact, some } = analyse(item);
    const longer = exact && product(run, exact);
    if (longer !== undefined) {
      run = longer;
      continue;
    }
    whole = false;
    sets.push(run, some);
    run = exact ?? [''];
  }
  if (whole) return { exact: run, some: undefined };
  return { exact: undefined, some: best([...sets, run]) };
}

function analyseAlternation(branches: readonly Strings[]): Strings {
  const exact = union(branches.map((branch) => branch.exact));
  return { exact, some: union(branches.map((branch) => best([branch.exact, branch.some]))) };
}

function analyseRepeat(body: Strings, min: number, max: number): Strings {
  if (min === 0) return { exact: max === 1 ? union([[''], body.exact]) : undefined, some: undefined };
  if (max === 1) return body;
  const inRow = body.exact?.map((text) => text.repeat(Math.min(min, MAX_LENGTH)));
  return { exact: undefined, some: best([inRow?.length === 1 ? inRow : body.exact, body.some]) };
}

/** The set whose shortest string is longest, the smaller one of equals; sets with too short a string do not count. */
function best(sets: ReadonlyArray<readonly string[] | undefined>): readonly string[] | undefined {
  let chosen: readonly string[] | undefined;
  let length = MIN_LENGTH - 1;
  for (const set of sets) {
    if (set === undefined || set.length === 0) continue;
    const shortest = Math.min(...set.map((text) => text.length));
    if (shortest < length || (shortest === length && (chosen === undefined || set.length >= chosen.length))) continue;
    chosen = set;
    length = shortest;
  }
  return chosen;
}

function union(sets: ReadonlyArray<readonly string[] | undefined>): readonly string[] | undefined {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const text of set) all.add(text);
  }
  return all.size <= MAX_UNION ? [...all] : undefined;
}

function product(heads: readonly string[], tails: readonly string[]): readonly string[] | undefined {
  if (heads.length * tails.length > MAX_PRODUCT) return undefined;
  if (tails.length === 1) return heads.map((head) => head + tails[0]!);
  return [...new Set(heads.flatMap((head) => tails.map((tail) => head + tail)))];
}

function folded(members: readonly string[] | undefined): readonly string[] | undefined {
  if (members === undefined || members.some((char) => char.charCodeAt(0) > 127)) return undefined;
  if (members.length === 1) return [members[0]!.toLowerCase()];
  return [...new Set(members.map((char) => char.toLowerCase()))];
}
