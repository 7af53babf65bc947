import { readFile, readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { renderDocs } from '../docs.ts';
import { createOpenApi } from '../openapi.ts';

// Right from src/ and from dist/: the page is served as it was written.
const FOLDER = new URL('../../../src/server/page/', import.meta.url);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing but our own files runs or shows; log text has no way to become markup or script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** `GET /`, `/docs` and `/openapi.json`. Every file is read once and served from memory. */
export async function addPageRoutes(app: FastifyInstance, maxUploadBytes: number): Promise<void> {
  const open = { config: { isPublic: true } };
  const document = createOpenApi(maxUploadBytes);

  for (const name of await readdir(FOLDER)) {
    const body = await readFile(new URL(name, FOLDER));
    const type = types[extname(name)];
    if (type === undefined) continue;
    app.get(name === 'index.html' ? '/' : `/page/${name}`, open, async (_request, reply) =>
      reply.type(type).header('content-security-policy', POLICY).header('cache-control', 'no-cache').send(body),
    );
  }
  app.get('/openapi.json', open, async () => document);
  const docs = renderDocs(document);
  app.get('/docs', open, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).send(docs),
  );
}
