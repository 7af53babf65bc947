import { INPUT_FORMATS } from '../input/index.ts';
import { OUTPUT_FORMATS } from '../output/index.ts';
import { LIMITS } from './limits.ts';

/** JSON Schemas (2020-12 and draft 7 alike): what the routes check and what the OpenAPI document shows. */

const log = {
  type: 'string',
  maxLength: LIMITS.logCharacters,
  description: 'One log message; a stack trace may be one message of many lines.',
} as const;

export const classifyBody = {
  type: 'object',
  additionalProperties: false,
  properties: {
    log_text: log,
    logs: { type: 'array', minItems: 1, maxItems: LIMITS.logs, items: log, description: 'Several messages.' },
  },
} as const;

export const classifyQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    explain: { type: 'string', enum: ['true', 'false'], description: 'Adds what led to the answer.' },
  },
} as const;

export const verdict = {
  type: 'object',
  required: ['label', 'confidence', 'method'],
  properties: {
    label: { type: 'string' },
    confidence: { type: 'number', description: 'Calibrated probability, from 0 to 1; 1 for rules.' },
    method: { type: 'string', enum: ['regex', 'lexical_classifier', 'embedding_classifier', 'llm', 'fallback'] },
    rule: { type: 'string', description: 'With explain: the rule that matched.' },
    template: { type: 'string', description: 'With explain: the message with its changing parts as placeholders.' },
  },
} as const;

export const classifyAnswer = {
  type: 'object',
  properties: {
    ...verdict.properties,
    results: { type: 'array', items: verdict, description: 'For logs: one entry a message, in order.' },
  },
} as const;

export const FILE_FORMATS = [...OUTPUT_FORMATS, 'events'] as const;

export const fileQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    format: {
      type: 'string',
      enum: FILE_FORMATS,
      description:
        'Of the answer; like the input unless given. events: JSON lines for programs that show rows as they come.',
    },
    input_format: { type: 'string', enum: INPUT_FORMATS, description: 'Instead of guessing from the first bytes.' },
    column: { type: 'string', minLength: 1, maxLength: 200, description: 'The message column of CSV and TSV.' },
    multiline: {
      type: 'string',
      enum: ['auto', 'off'],
      description:
        'auto: lines of one event get one label, and its number in a column; off (default: auto without the column).',
    },
    explain: { type: 'string', enum: ['true', 'false'], description: 'Adds the columns that tell why.' },
    csv_safe: {
      type: 'string',
      enum: ['true', 'false'],
      description: 'Guards cells that a spreadsheet would run as a formula (default true).',
    },
    hold: {
      type: 'string',
      enum: ['true', 'false'],
      description:
        'true: the answer begins when the upload has ended, for proxies (nginx) that send no more once an answer begins.',
    },
    first_row: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,14}$',
      description: 'Number of the first row, for an input that is sent in pieces.',
    },
  },
} as const;

export const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong with this request.' },
    hint: { type: 'string', description: 'The way out.' },
    request_id: { type: 'string', description: 'Names the request in the access log.' },
  },
} as const;

export const labels = {
  type: 'object',
  required: ['labels'],
  properties: {
    labels: {
      type: 'array',
      items: {
        type: 'object',
        required: ['label', 'meaning'],
        properties: { label: { type: 'string' }, meaning: { type: 'string' } },
      },
    },
  },
} as const;
