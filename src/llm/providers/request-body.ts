import type { Prompt } from '../provider.ts';

/** How far a server can be held to the answer's shape, best first. */
const FORMATS = ['json_schema', 'json_object', 'text'] as const;
export type AnswerFormat = (typeof FORMATS)[number];

/** What this server and model understand; learned from its refusals on the way. */
export interface Dialect {
  readonly format: AnswerFormat;
  readonly tokenCap: 'max_completion_tokens' | 'max_tokens';
  readonly temperature: boolean;
  readonly reasoning: boolean;
}

export type RequestBody = Readonly<Record<string, unknown>> & { readonly model: string };

export function requestBody(model: string, prompt: Prompt, dialect: Dialect): RequestBody {
  return {
    model,
    messages: [
      { role: 'system', content: prompt.system },
      { role: 'user', content: prompt.user },
    ],
    [dialect.tokenCap]: prompt.maxOutputTokens,
    ...(dialect.temperature && { temperature: 0 }),
    ...(dialect.reasoning && { reasoning_effort: 'low', include_reasoning: false }),
    ...(dialect.format === 'json_schema' && {
      response_format: { type: 'json_schema', json_schema: { name: 'labels', strict: true, schema: prompt.schema } },
    }),
    ...(dialect.format === 'json_object' && { response_format: { type: 'json_object' } }),
  };
}

/**
 * The dialect to try after a server refused a request as invalid, by what its message names.
 *
 * @returns `undefined` when the message is about something else.
 */
export function simplerDialect(dialect: Dialect, message: string): Dialect | undefined {
  if (dialect.reasoning && /reasoning/i.test(message)) return { ...dialect, reasoning: false };
  if (dialect.temperature && /temperature/i.test(message)) return { ...dialect, temperature: false };
  if (/max_(completion_)?tokens/i.test(message)) {
    // each is named in the refusal of the other, so it is swapped once and never back
    if (dialect.tokenCap === 'max_tokens') return { ...dialect, tokenCap: 'max_completion_tokens' };
  }
  if (/response.?format|json.?(schema|mode|object)|structured output|grammar/i.test(message)) {
    const next = FORMATS[FORMATS.indexOf(dialect.format) + 1];
    if (next !== undefined) return { ...dialect, format: next };
  }
  return undefined;
}
