import { createMatcher } from '../rules/matcher.ts';
import type { Rule } from '../rules/rule.ts';
import type { Stage, Verdict } from '../types.ts';

/** First matching rule wins, so order rules from specific to general. A blank text matches none. */
export function createRulesStage(rules: readonly Rule[]): Stage {
  const firstMatch = createMatcher(rules);
  const verdicts = new Map(rules.map((rule) => [rule, verdictOf(rule)]));

  const classify = (text: string): Verdict | null => {
    const rule = firstMatch(text);
    return rule === undefined || text.trim() === '' ? null : verdicts.get(rule)!;
  };
  return { name: 'regex', reads: 'text', classify: async (texts) => texts.map(classify) };
}

function verdictOf(rule: Rule): Verdict {
  return { label: rule.label, confidence: 1, method: 'regex', rule: rule.id };
}
