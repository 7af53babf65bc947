import type { Instruction } from './program.ts';
import type { Unit } from './syntax.ts';

/** Characters with a place of their own in a state's table; all others go by a map. */
const ASCII = 128;
/** Transitions kept before the machine starts afresh; with MAX_STATES it bounds the memory of a matcher to some MB. */
const MAX_TRANSITIONS = 20_000;
const MAX_STATES = 1_000;

const START = -1;
const END = -1;

/** Where a search stands between two characters: the threads alive, and what the assertions need of the left side. */
interface State {
  /** Indexes into the program, ascending. */
  readonly threads: readonly number[];
  /** -1 at the start of the text, 1 after a word character, else 0. */
  readonly left: -1 | 0 | 1;
  /** By the next code unit; `true` is a match, `false` that none can come. */
  readonly next: Array<State | boolean | undefined>;
  readonly others: Map<number, State | boolean>;
}

/**
 * Whether a program matches anywhere in a text, in time linear in the text whatever the pattern: all threads advance
 * together, one character at a time, and sets of threads seen before are remembered.
 * Source: R. Cox, "Regular Expression Matching Can Be Simple And Fast" (2007), the lazily built automaton.
 *
 * @param flags Of the regular expression that the program stands for; `i` is honoured unit by unit.
 */
export function createLinearMatcher(
  program: readonly Instruction[],
  start: number,
  flags: string,
): (text: string) => boolean {
  const accepts = unitTests(program, flags);
  const first = program[start]!;
  const anchored = first.op === 'assert' && first.source === '^';
  let states = new Map<string, State>();
  let transitions = 0;

  const stateOf = (threads: readonly number[], left: State['left']): State => {
    const key = `${left}:${threads.join()}`;
    let known = states.get(key);
    if (known === undefined) {
      known = { threads, left, next: Array.from<undefined>({ length: ASCII }), others: new Map() };
      states.set(key, known);
    }
    return known;
  };

  const advance = (from: State, code: number): State | boolean => {
    const closed = follow(program, [...from.threads, start], from.left, code);
    if (closed === undefined) return true;
    if (code === END) return false;
    const next = closed.flatMap((at) => {
      const step = program[at]!;
      return step.op === 'unit' && accepts(at, code) ? [step.next] : [];
    });
    if (next.length === 0 && anchored) return false;
    return stateOf(
      [...new Set(next)].toSorted((a, b) => a - b),
      isWord(code) ? 1 : 0,
    );
  };

  const learn = (from: State, code: number): State | boolean => {
    transitions++;
    const next = advance(from, code);
    if (code >= 0 && code < ASCII) from.next[code] = next;
    else from.others.set(code, next);
    return next;
  };

  return (text) => {
    if (transitions > MAX_TRANSITIONS || states.size > MAX_STATES) {
      states = new Map();
      transitions = 0;
    }
    let current = stateOf([], START);
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const next = (code < ASCII ? current.next[code] : current.others.get(code)) ?? learn(current, code);
      if (typeof next === 'boolean') return next;
      current = next;
    }
    return (current.others.get(END) ?? learn(current, END)) === true;
  };
}

/** All units reachable without consuming; undefined when the match is. */
function follow(program: readonly Instruction[], from: number[], left: number, code: number): number[] | undefined {
  const seen = new Set<number>();
  const units: number[] = [];
  for (let at = from.pop(); at !== undefined; at = from.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = program[at]!;
    if (step.op === 'match') return undefined;
    if (step.op === 'unit') units.push(at);
    else if (step.op === 'fork') from.push(step.next, step.other);
    else if (holds(step.source, left, code)) from.push(step.next);
  }
  return units;
}

function holds(source: string, left: number, code: number): boolean {
  if (source === '^') return left === START;
  if (source === '$') return code === END;
  const edge = (left === 1) !== isWord(code);
  return source === '\\b' ? edge : !edge;
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}

/** Each unit is asked of the engine itself, so that classes and case folding mean what they mean there. */
function unitTests(program: readonly Instruction[], flags: string): (at: number, code: number) => boolean {
  const tests = new Map<Unit['source'], (code: number) => boolean>();
  const byInstruction = program.map((step) => {
    if (step.op !== 'unit') return undefined;
    let known = tests.get(step.unit.source);
    if (known === undefined) tests.set(step.unit.source, (known = unitTest(step.unit.source, flags)));
    return known;
  });
  return (at, code) => byInstruction[at]!(code);
}

function unitTest(source: string, flags: string): (code: number) => boolean {
  const regex = new RegExp(`^${source}$`, flags);
  return (code) => regex.test(String.fromCharCode(code));
}
