import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';

export const OPERATION_PATHS: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/** Whether a request is of whoever runs the server: it costs next to nothing and may not wait behind others. */
export function isOperation({ url }: IncomingMessage): boolean {
  return url !== undefined && OPERATION_PATHS.includes(url);
}

/** `GET /healthz`, `/readyz` and `/metrics`: for whoever runs the server. */
export function addOperationRoutes(app: FastifyInstance, { engine, metrics }: Context): void {
  const open = { config: { isPublic: true, rateLimit: false as const } };

  app.get('/healthz', open, async () => ({ status: 'alive' }));

  app.get('/readyz', open, async () => {
    engine.throwUnlessReady();
    return { status: 'ready' };
  });

  app.get('/metrics', { config: { rateLimit: false } }, async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return metrics.render();
  });
}
