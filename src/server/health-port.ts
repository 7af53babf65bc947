import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problem.ts';
import { OPERATION_PATHS } from './routes/operation.ts';

/** Balancers and monitors, and a few people with curl. */
const CONNECTIONS = 256;

/**
 * A listener of its own for what tells how the server is. Connections are accepted in the order in which they came: behind a
 * thousand others on the main port a probe waits until they have been answered, here it waits for none of them.
 */
export function createHealthServer(app: FastifyInstance): Server {
  const server = createServer({ headersTimeout: 5000, requestTimeout: 5000 }, (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (OPERATION_PATHS.includes(path)) return app.routing(request, response);
    const problem = new HttpProblem('not-found', `This port answers ${OPERATION_PATHS.join(', ')} alone.`, {
      hint: 'Everything else is on the port of --port.',
    });
    response.writeHead(problem.statusCode, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problem.toDocument(randomUUID())));
  });
  server.maxConnections = CONNECTIONS;
  return server;
}
