import type { DryRun } from '../llm/dry-run.ts';
import { FREE_PLAN } from '../llm/models.ts';
import { visible } from '../output/terminal.ts';
import { count, duration, money, plural } from './numbers.ts';

/** What a run would have sent, for people; the requests themselves are data. */
export function renderDryRun(
  { requests, texts, remembered, inputTokens, outputTokens, costUsd }: DryRun,
  model: string,
): string {
  const tokens = inputTokens + outputTokens;
  const minutes = Math.max(requests.length / FREE_PLAN.requestsPerMinute, tokens / FREE_PLAN.tokensPerMinute);
  return [
    `dry run: nothing was sent, no row was written`,
    `${plural(requests.length, 'call')} to ${visible(model)} for ${plural(texts.length, 'template')}, ${count(remembered)} more are remembered`,
    `about ${count(inputTokens)} tokens in and ${count(outputTokens)} out: ${money(costUsd)} at most`,
    `at least ${duration(minutes * 60_000)} within the limits of Groq's free plan (${FREE_PLAN.requestsPerMinute} calls and ${count(FREE_PLAN.tokensPerMinute)} tokens a minute)`,
    '',
  ].join('\n');
}
