import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './problem.ts';

export interface GuardOptions {
  readonly host: string;
  /** The bearer token that every request of the API must carry; undefined: none. */
  readonly token: string | undefined;
  /** The one other origin whose pages may use the API; undefined: none. */
  readonly corsOrigin: string | undefined;
  readonly isBehindProxy: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a token: it tells nothing of what is labelled here and costs nothing. */
    isPublic?: boolean;
  }
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Refuses, before a body is read, what should not reach the API: a name that only a rebound DNS entry leads here by, a page
 * of another site that makes its reader's browser send requests, and a request without the token.
 */
export function addGuard(app: FastifyInstance, options: GuardOptions): void {
  const { token, corsOrigin } = options;
  const isLocal = LOOPBACK.test(options.host) && !options.isBehindProxy;
  const isToken = token === undefined ? undefined : createTokenCheck(token);

  // After the rate limit, which runs with a route's own hooks: whoever guesses tokens is counted.
  app.addHook('preParsing', async (request, reply, payload) => {
    if (isLocal) checkHost(request);
    checkOrigin(request, corsOrigin);
    if (corsOrigin !== undefined) {
      reply.header('vary', 'origin');
      if (request.headers.origin === corsOrigin) {
        reply.header('access-control-allow-origin', corsOrigin);
        reply.header('access-control-expose-headers', 'retry-after, x-request-id');
      }
    }
    const isPublic = request.routeOptions.config.isPublic === true || request.method === 'OPTIONS';
    if (isToken && !isPublic && !isToken(request.headers.authorization)) {
      reply.header('www-authenticate', 'Bearer realm="logiq"');
      throw new HttpProblem('unauthorized', 'The request carries no valid bearer token.', {
        hint: 'Send the header "authorization: Bearer TOKEN" with the value of LOGIQ_API_TOKEN.',
      });
    }
    return payload;
  });
  if (corsOrigin !== undefined) {
    app.options('/*', { config: { isPublic: true } }, async (_request, reply) =>
      reply
        .code(204)
        .header('access-control-allow-methods', 'GET, POST')
        .header('access-control-allow-headers', 'authorization, content-type')
        .header('access-control-max-age', '600')
        .send(),
    );
  }
}

function checkHost({ headers }: FastifyRequest): void {
  const name = (headers.host ?? '').replace(/:\d+$/, '');
  if (LOOPBACK.test(name)) return;
  throw new HttpProblem('unknown-host', `This server is for this machine alone and does not go by "${name}".`, {
    hint: 'Use 127.0.0.1 or localhost, start it with --host to serve others, or name your proxy with --trust-proxy.',
  });
}

/** Browsers say where a request comes from; programs do not, and pass. */
function checkOrigin({ method, headers }: FastifyRequest, allowed: string | undefined): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return; // they change and cost nothing
  const { origin, host } = headers;
  if (origin !== undefined && origin === allowed) return;
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  const site = headers['sec-fetch-site'];
  if (isOwn && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new HttpProblem('foreign-origin', 'A page of another site sent this request.', {
    hint: 'Name its origin with --cors-origin when the server starts.',
  });
}

/** Compares hashes of equal length, so that the time it takes tells nothing of the token. */
function createTokenCheck(token: string): (authorization: string | undefined) => boolean {
  const wanted = sha256(token);
  return (authorization) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
    return timingSafeEqual(sha256(given), wanted);
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
