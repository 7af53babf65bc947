import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problem.ts';

/** Clients whose requests are counted at once; the one longest unseen is forgotten first. */
const CLIENTS = 10_000;

/** @param perMinute 0: any number. */
export async function addRateLimit(app: FastifyInstance, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  const { default: rateLimit } = await import('@fastify/rate-limit');
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    cache: CLIENTS,
    errorResponseBuilder: (_request, { ttl }) =>
      new HttpProblem('rate-limited', `More than ${perMinute} requests within a minute.`, {
        retryAfterSeconds: Math.ceil(ttl / 1000),
        hint: 'Send several messages in one request as {"logs": [...]}, or a file to /classify-file.',
      }),
  });
}
