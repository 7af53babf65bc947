import { readVersion } from '../version.ts';
import { LIMITS } from './limits.ts';
import { classifyAnswer, classifyBody, classifyQuery, fileQuery, labels, problem, verdict } from './schemas.ts';

/** The API as an OpenAPI 3.1 document. */
export function createOpenApi(maxUploadBytes: number): OpenApi {
  return {
    openapi: '3.1.0',
    info: {
      title: 'logiq',
      version: readVersion(),
      description: 'Labels log messages. Every error is a problem document (RFC 9457) that says what to send.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      '/classify': {
        post: {
          operationId: 'classify',
          summary: 'Label one message or several',
          description: `At most ${LIMITS.logs} messages and ${LIMITS.bodyBytes / 1024} KiB. One message as log_text is answered by its verdict, several as logs by results.`,
          parameters: parametersOf(classifyQuery),
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: classifyBody,
                examples: {
                  one: { value: { log_text: 'ERROR: Database timeout' } },
                  many: { value: { logs: ['ERROR: Database timeout', 'session opened for user deploy'] } },
                },
              },
            },
          },
          responses: { 200: json('The verdict, or results', classifyAnswer), ...failures(400, 401, 413, 429, 503) },
        },
      },
      '/classify-file': {
        post: {
          operationId: 'classifyFile',
          summary: 'Label a file, row by row as it comes',
          description: `CSV, TSV, JSON lines, logfmt or raw lines, gzip too, up to ${maxUploadBytes / 2 ** 20} MiB: as the body, or as a file of a form. Every row comes out once, in order, with its own columns unchanged. An answer that ends early (a broken transfer) is not whole.`,
          parameters: parametersOf(fileQuery),
          requestBody: {
            required: true,
            content: {
              'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
              'multipart/form-data': {
                schema: {
                  type: 'object',
                  required: ['file'],
                  properties: { file: { type: 'string', format: 'binary' } },
                },
              },
            },
          },
          responses: {
            200: {
              description: 'The labelled rows',
              content: {
                'text/csv': { schema: { type: 'string' } },
                'application/x-ndjson': { schema: { type: 'string' } },
              },
            },
            ...failures(400, 401, 408, 413, 415, 422, 429, 503),
          },
        },
      },
      '/labels': { get: read('labels', 'The labels in use and what they mean', labels) },
      '/models': { get: read('models', 'The models installed here, and the one in use', { type: 'object' }) },
      '/stats': { get: read('stats', 'Rows, stages, latency and cost since the start', { type: 'object' }) },
      '/healthz': { get: read('health', 'Whether the process lives', { type: 'object' }) },
      '/readyz': {
        get: {
          operationId: 'ready',
          summary: 'Whether requests are taken: the model is loaded and the server is not stopping',
          responses: { 200: json('It is ready', { type: 'object' }), ...failures(503) },
        },
      },
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Metrics for Prometheus',
          responses: {
            200: { description: 'Text format 0.0.4', content: { 'text/plain': { schema: { type: 'string' } } } },
            ...failures(401),
          },
        },
      },
    },
    components: {
      schemas: { Verdict: verdict, Problem: problem },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Where LOGIQ_API_TOKEN is set.' } },
    },
    security: [{}, { token: [] }],
  };
}

export interface OpenApi {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: object;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
  readonly security: readonly object[];
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}

interface Content {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'query';
  readonly required: false;
  readonly description: string;
  readonly schema: { readonly type: string; readonly enum?: readonly string[] };
}

const statuses: Readonly<Record<number, string>> = {
  400: 'The request is not as it should be',
  401: 'A bearer token is needed',
  408: 'The body came too slowly',
  413: 'The body is too large',
  415: 'This kind of content is not read',
  422: 'The input cannot be read',
  429: 'Too many requests of this client; retry-after says when to come again',
  503: 'Loading, stopping or full; retry-after says when to come again',
};

function failures(...codes: readonly number[]): Record<string, object & { description: string }> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(codes.map((code) => [code, { description: statuses[code] ?? '', content }]));
}

function json(description: string, schema: object): { description: string; content: object } {
  return { description, content: { 'application/json': { schema } } };
}

function read(operationId: string, summary: string, schema: object): Operation {
  return { operationId, summary, responses: { 200: json(summary, schema) } };
}

function parametersOf(query: {
  readonly properties: Readonly<Record<string, { readonly description: string; readonly type: string }>>;
}): Parameter[] {
  return Object.entries(query.properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
  }));
}
