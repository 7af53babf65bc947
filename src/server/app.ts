import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { addAccessLog } from './access-log.ts';
import { addBodyDeadline } from './body-deadline.ts';
import type { Context } from './context.ts';
import { addGuard, type GuardOptions } from './guard.ts';
import { HttpProblem, toHttpProblem } from './problem.ts';
import { addRateLimit } from './rate-limit.ts';
import { ClientGone } from './request-signal.ts';
import { addAboutRoutes } from './routes/about.ts';
import { addClassifyFileRoute } from './routes/classify-file.ts';
import { addClassifyRoute } from './routes/classify.ts';
import { addOperationRoutes, isOperation } from './routes/operation.ts';
import { addPageRoutes } from './routes/pages.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { discardRest, refuseBeforeBody } from './refused-body.ts';
import { inRequestTurns } from './request-turns.ts';
import { toValidationProblem } from './validation.ts';

export interface AppOptions {
  readonly log: FastifyBaseLogger;
  readonly guard: GuardOptions;
  /** Requests a client and minute; 0: any number. */
  readonly rateLimit: number;
  /** Addresses whose `X-Forwarded-For` names the client; undefined: nobody's. */
  readonly trustProxy: string | undefined;
}

const REQUEST_ID = /^[\w.-]{1,64}$/;

/** The server, not listening yet: guard, limits, routes, and one way for every error to become an answer. */
export async function createApp(context: Context, options: AppOptions): Promise<FastifyInstance> {
  const { limits, metrics } = context;
  const app = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    bodyLimit: limits.bodyBytes,
    serverFactory: (listener) =>
      createServer(
        {
          requestTimeout: 0, // uploads may take long: body-deadline.ts and patience.ts tell slow from stalled
          keepAliveTimeout: limits.keepAliveMs,
          headersTimeout: limits.headersMs,
          connectionsCheckingInterval: 2000,
          maxHeaderSize: 16_384,
        },
        inRequestTurns(listener, isOperation),
      ),
    forceCloseConnections: 'idle',
    trustProxy: options.trustProxy ?? false,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
    schemaErrorFormatter: toValidationProblem,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
    routerOptions: { maxParamLength: 200 },
  });
  app.removeContentTypeParser('text/plain');
  app.server.maxConnections = limits.connections;
  refuseBeforeBody(app.server, context.maxUploadBytes);

  addAccessLog(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': options.guard.corsOrigin === undefined ? 'same-origin' : 'cross-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
  });
  await addRateLimit(app, options.rateLimit);
  addGuard(app, options.guard);
  addBodyDeadline(app, limits.bodyMs);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.countRequest(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler({ ...(options.rateLimit > 0 && { preHandler: app.rateLimit() }) }, answerNotFound);

  addOperationRoutes(app, context);
  addAboutRoutes(app, context);
  addClassifyRoute(app, context);
  await app.register((scope) => addClassifyFileRoute(scope, context));
  await addPageRoutes(app, context.maxUploadBytes);
  return app;
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ClientGone) return reply.code(499).send();
  let problem = toHttpProblem(error);
  if (problem === undefined) {
    request.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'a bug');
    problem = new HttpProblem('internal', 'The request met a bug; the log of the server has it.');
  }
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  if (!request.raw.complete) discardRest(request.raw);
  return reply
    .code(problem.statusCode)
    .type('application/problem+json')
    .send(JSON.stringify(problem.toDocument(request.id)));
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0];
  const hint = 'GET /docs lists what there is.';
  return answerError(new HttpProblem('not-found', `There is no ${request.method} ${path}.`, { hint }), request, reply);
}
