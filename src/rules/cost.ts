import { exactPrefixes } from './literals.ts';
import { MAX_RULE_CHARS } from './rule.ts';
import type { Node, Repeat, Unit } from './syntax.ts';

/**
 * What a backtracking engine spends on a node at one place of the text: `own` steps inside it, and `ways` to leave it,
 * each of which tries all that follows. A node before a rest that costs k costs own + ways * k.
 */
interface Cost {
  readonly own: number;
  readonly ways: number;
}

/**
 * An upper bound of the steps that a backtracking engine takes to search `MAX_RULE_CHARS` characters.
 *
 * @returns Steps; `Infinity` when a repeat holds a choice, where ways multiply with each round.
 */
export function worstCaseSteps(pattern: Node): number {
  const { own, ways } = costOf(pattern);
  return starts(pattern) * (own + ways);
}

/** Places where a match can begin: strings at the front occur no closer than they can overlap. */
function starts(pattern: Node): number {
  const front = itemsOf(pattern);
  if (front[0]?.kind === 'assertion' && front[0].source === '^') return 1;
  return MAX_RULE_CHARS / leastDistance(exactPrefixes(front));
}

/** The least distance at which two of the strings, or one with itself, can follow each other in a text. */
function leastDistance(texts: readonly string[]): number {
  const shortest = Math.min(...texts.map((text) => text.length));
  for (let shift = 1; shift < shortest; shift++) {
    const tails = texts.map((text) => text.slice(shift));
    if (tails.some((tail) => texts.some((text) => beginAlike(tail, text)))) return shift;
  }
  return Math.max(1, shortest);
}

function costOf(node: Node): Cost {
  switch (node.kind) {
    case 'unit':
    case 'assertion':
      return { own: 1, ways: 1 };
    case 'opaque':
      return { own: MAX_RULE_CHARS, ways: 1 }; // a captured text can be as long as the text
    case 'look': {
      const { own, ways } = costOf(node.body);
      return { own: own + ways, ways: 1 }; // never entered again from behind
    }
    case 'sequence':
      return sequenceCost(node.items);
    case 'alternation':
      return alternationCost(node.branches);
    case 'repeat':
    default:
      return repeatCost(node);
  }
}

function sequenceCost(items: readonly Node[]): Cost {
  let own = 0;
  let ways = 1;
  items.forEach((item, at) => {
    const cost = costOf(item);
    own += ways * cost.own;
    if (!endsInOnePlace(item, items[at + 1])) ways *= cost.ways;
  });
  return { own, ways };
}

/** Whether `item` repeats a unit and what follows begins with a listed character that the unit does not take. */
function endsInOnePlace(item: Node, following: Node | undefined): boolean {
  const first = following && firstUnit(following);
  if (item.kind !== 'repeat' || item.body.kind !== 'unit' || first?.members === undefined) return false;
  const takes = COMMON_UNITS[item.body.source] ?? new RegExp(`^${item.body.source}$`, 'i'); // folding only widens it
  return first.members.every((char) => !takes.test(char));
}

/** Ready-made, since making a regular expression is what costs most here. */
const COMMON_UNITS: Readonly<Record<string, RegExp>> = { '\\d': /\d/, '\\w': /\w/, '\\S': /\S/, '[^\\n]': /[^\n]/ };

function firstUnit(node: Node): Unit | undefined {
  if (node.kind === 'unit') return node;
  if (node.kind === 'sequence' && node.items.length > 0) return firstUnit(node.items[0]!);
  return node.kind === 'repeat' && node.min > 0 ? firstUnit(node.body) : undefined;
}

/** At one place only such branches can match that begin alike: the dearest group of them counts. */
function alternationCost(branches: readonly Node[]): Cost {
  const each = branches.map((branch) => ({ ...costOf(branch), prefix: literalPrefix(branch) }));
  const groups = each.map(({ prefix }) => each.filter((other) => beginAlike(prefix, other.prefix)));
  const own = Math.max(...groups.map((group) => sum(group.map((branch) => branch.own))));
  const ways = Math.max(...groups.map((group) => sum(group.map((branch) => branch.ways))));
  return { own: own + branches.length, ways };
}

function literalPrefix(node: Node): string {
  let prefix = '';
  for (const item of itemsOf(node)) {
    if (item.kind !== 'unit' || item.members?.length !== 1) break;
    prefix += item.members[0]!.toLowerCase();
  }
  return prefix;
}

function beginAlike(some: string, other: string): boolean {
  return some.startsWith(other) || other.startsWith(some);
}

/** With w ways a round there are w^n ways through n rounds. */
function repeatCost({ body, min, max }: Repeat): Cost {
  const { own, ways } = costOf(body);
  if (max === Infinity && (ways > 1 || isNullable(body))) return { own: Infinity, ways: Infinity };
  const rounds = isNullable(body) ? max : Math.min(max, MAX_RULE_CHARS);
  const ends = Math.max(1, rounds - min + 1);
  if (ways === 1) return { own: rounds * own + 1, ways: ends };
  const last = ways ** rounds;
  return { own: rounds * last * own, ways: ends * last };
}

function isNullable(node: Node): boolean {
  switch (node.kind) {
    case 'unit':
      return false;
    case 'assertion':
    case 'look':
    case 'opaque':
      return true;
    case 'sequence':
      return node.items.every(isNullable);
    case 'alternation':
      return node.branches.some(isNullable);
    case 'repeat':
    default:
      return node.min === 0 || isNullable(node.body);
  }
}

function itemsOf(node: Node): readonly Node[] {
  return node.kind === 'sequence' ? node.items : [node];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
