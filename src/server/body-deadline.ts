import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problem.ts';

/** A body that is not an upload must be whole after `ms` milliseconds; uploads have a patience of their own. */
export function addBodyDeadline(app: FastifyInstance, ms: number): void {
  app.addHook('preParsing', async (request, reply, payload) => {
    if (request.routeOptions.url === '/classify-file') return payload;
    const timer = setTimeout(() => {
      if (!request.raw.complete && !reply.sent) {
        void reply.send(new HttpProblem('slow-request', `The body was not whole after ${ms / 1000} s.`));
      }
    }, ms);
    request.raw.once('close', () => clearTimeout(timer));
    request.raw.once('end', () => clearTimeout(timer));
    return payload;
  });
}
