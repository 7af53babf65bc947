import type { FastifyReply } from 'fastify';
import { HttpProblem } from './problem.ts';

/** Aborts when the client goes away, so that nothing more is spent on it, or when the answer takes too long. */
export function abortOnLeave(reply: FastifyReply, timeoutMs?: number): AbortSignal {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  if (timeoutMs !== undefined) {
    const late = (): void =>
      controller.abort(
        new HttpProblem('took-too-long', `No answer within ${timeoutMs / 1000} s.`, { retryAfterSeconds: 5 }),
      );
    timer = setTimeout(late, timeoutMs);
  }
  if (reply.raw.destroyed) controller.abort(new ClientGone());
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort(new ClientGone());
  });
  return controller.signal;
}

/** Nobody is left to tell. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}
