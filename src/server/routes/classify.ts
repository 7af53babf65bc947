import type { FastifyInstance } from 'fastify';
import type { Verdict } from '../../types.ts';
import type { Context } from '../context.ts';
import { templateOf } from '../engine.ts';
import { HttpProblem } from '../problem.ts';
import { abortOnLeave } from '../request-signal.ts';
import { classifyAnswer, classifyBody, classifyQuery } from '../schemas.ts';

export const CLASSIFY_HINT = 'Send {"log_text": "..."} for one message or {"logs": ["...", "..."]} for several.';

interface Body {
  readonly log_text?: string;
  readonly logs?: readonly string[];
}

/** `POST /classify`: one message or several in, verdicts out. */
export function addClassifyRoute(app: FastifyInstance, { engine, metrics, logs, limits }: Context): void {
  app.post<{ Body: Body; Querystring: { explain?: string } }>(
    '/classify',
    { schema: { body: classifyBody, querystring: classifyQuery, response: { 200: classifyAnswer } } },
    async (request, reply) => {
      const messages = messagesOf(request.body);
      const place = logs.enter(messages.length);
      if (!place) {
        throw new HttpProblem('busy', `${logs.inside()} messages are being decided already.`, {
          retryAfterSeconds: 1,
          hint: 'Send it again later, or less at once.',
        });
      }
      try {
        const signal = abortOnLeave(reply, limits.answerMs);
        const verdicts = await engine.classify(messages, metrics.stats, signal);
        const explains = request.query.explain === 'true';
        const results = verdicts.map((verdict, index) => answerOf(verdict, explains ? messages[index] : undefined));
        return request.body.logs === undefined ? results[0] : { results };
      } finally {
        place.leave();
      }
    },
  );
}

function messagesOf({ log_text: one, logs: many }: Body): readonly string[] {
  if (one !== undefined && many === undefined) return [one];
  if (many !== undefined && one === undefined) return many;
  const what = one === undefined ? 'neither "log_text" nor "logs"' : 'both "log_text" and "logs"';
  throw new HttpProblem('invalid-request', `The body has ${what}.`, { hint: CLASSIFY_HINT });
}

/** @param message Given: adds what led to the verdict. */
function answerOf({ label, confidence, method, rule }: Verdict, message: string | undefined): object {
  return {
    label,
    confidence: Math.round(confidence * 10_000) / 10_000,
    method,
    ...(message !== undefined && { ...(rule !== undefined && { rule }), template: templateOf(message) }),
  };
}
