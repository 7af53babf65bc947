import { worstCaseSteps } from './cost.ts';
import { createLinearMatcher } from './linear.ts';
import { requiredLiterals } from './literals.ts';
import { compileProgram, MAX_INSTRUCTIONS } from './program.ts';
import { type Node, parsePattern } from './syntax.ts';

/** Steps up to which the engine's own backtracking may run a pattern; a step takes one or two nanoseconds. */
const MAX_STEPS = 50e6;
/** Characters of a pattern; bounds the time to compile it. */
const MAX_PATTERN = 2000;

export interface Pattern {
  /** See `requiredLiterals`. */
  readonly literals: readonly string[] | undefined;
  /**
   * Makes the test whether the pattern matches anywhere in a text of at most `MAX_RULE_CHARS` characters. It runs
   * natively where its worst case is affordable, else by an automaton that is linear in the text. Apart from reading,
   * because most rules of a file never meet a line that holds their literals.
   *
   * @throws {SyntaxError} with a message for people, when the pattern is fit for neither.
   */
  readonly compile: () => (text: string) => boolean;
}

/** @throws {SyntaxError} with a message for people, when the pattern is no regular expression. */
export function readPattern(pattern: string, flags: '' | 'i'): Pattern {
  if (pattern.length > MAX_PATTERN)
    throw new SyntaxError(`it has ${pattern.length} characters, more than ${MAX_PATTERN}`);
  const regex = new RegExp(pattern, flags);
  const node = parsePattern(pattern);
  return {
    literals: requiredLiterals(node),
    compile: () => (worstCaseSteps(node) <= MAX_STEPS ? createNativeTest(regex) : createLinearTest(node, flags)),
  };
}

function createNativeTest(regex: RegExp): (text: string) => boolean {
  regex.test(''); // the engine compiles at first use, and only then says that a pattern is too large for it
  return (text) => regex.test(text);
}

function createLinearTest(node: Node, flags: '' | 'i'): (text: string) => boolean {
  const compiled = compileProgram(node);
  if (compiled === undefined) {
    throw new SyntaxError(
      `hostile text can make it run for a very long time (nested or neighbouring repeats), and it cannot be run in linear time: ` +
        `it looks around or back, or its counted repeats come to more than ${MAX_INSTRUCTIONS} steps`,
    );
  }
  return createLinearMatcher(compiled.program, compiled.start, flags);
}
