import { pino, type Logger } from 'pino';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServeSettings } from '../settings/serve.ts';

/** JSON lines. Neither headers nor queries nor bodies are written: they may hold tokens and log text. */
export function createLog(level: ServeSettings['logLevel'], stream: NodeJS.WritableStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** One line a request, when it has been answered. */
export function addAccessLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(lineOf(request, reply), 'answered');
  });
  app.addHook('onRequestAbort', async (request) => {
    request.log.info(lineOf(request), 'the client went away');
  });
}

function lineOf(request: FastifyRequest, reply?: FastifyReply): object {
  return {
    method: request.method,
    path: request.url.split('?', 1)[0],
    ...(reply && { status: reply.statusCode, ms: Math.round(reply.elapsedTime * 1000) / 1000 }),
    client: request.ip,
  };
}
