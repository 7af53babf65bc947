import type { FastifySchemaValidationError } from 'fastify';
import { HttpProblem } from './problem.ts';
import { CLASSIFY_HINT } from './routes/classify.ts';

/** What is wrong with a body or query, in words that name the member. */
export function toValidationProblem(errors: readonly FastifySchemaValidationError[], part: string): HttpProblem {
  const [error] = errors;
  if (error === undefined) return new HttpProblem('invalid-request', `The ${part} is not as it should be.`);
  const hint = part === 'body' ? CLASSIFY_HINT : 'GET /docs lists the parameters.';
  return new HttpProblem('invalid-request', detailOf(error, part), { hint });
}

function detailOf({ instancePath, keyword, message, params }: FastifySchemaValidationError, part: string): string {
  const place = instancePath === '' ? `The ${part}` : `"${instancePath.slice(1)}" in the ${part}`;
  switch (keyword) {
    case 'additionalProperties':
      return `${place} has "${String(params['additionalProperty'])}", which is not known here.`;
    case 'enum':
      return `${place} is none of ${(params['allowedValues'] as readonly string[]).join(', ')}.`;
    default:
      return `${place} ${message ?? 'is not as it should be'}.`;
  }
}
