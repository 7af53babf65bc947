import { readPattern } from './compile.ts';
import { MAX_RULE_CHARS, type Rule } from './rule.ts';
import { createLiteralScan } from './scan.ts';

/**
 * The first rule, in their order, that matches the first `MAX_RULE_CHARS` characters of a text. It answers what trying
 * each rule in turn would answer, but tries only those of whose required literals one is in the text.
 *
 * @throws {SyntaxError} for a pattern that `readPattern` refuses, here or when it is first needed; `parseRules` has no such rules.
 */
export function createMatcher(rules: readonly Rule[]): (text: string) => Rule | undefined {
  const scan = createLiteralScan(rules.map(literalsOf));
  const tests: Array<(text: string) => boolean> = []; // filled as rules are needed
  const found = new Uint32Array(Math.ceil(rules.length / 32));

  return (text) => {
    const head = text.length > MAX_RULE_CHARS ? text.slice(0, MAX_RULE_CHARS) : text;
    scan(head, found);
    for (let word = 0; word < found.length; word++) {
      for (let bits = found[word]!; bits !== 0; bits &= bits - 1) {
        const at = word * 32 + 31 - Math.clz32(bits & -bits);
        const test = (tests[at] ??= readPattern(rules[at]!.pattern, rules[at]!.flags).compile());
        if (test(head)) return rules[at];
      }
    }
    return undefined;
  };
}

function literalsOf({ literals, pattern, flags }: Rule): readonly string[] | undefined {
  return literals === undefined ? readPattern(pattern, flags).literals : (literals ?? undefined);
}
