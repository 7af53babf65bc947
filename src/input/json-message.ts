import { Buffer } from 'node:buffer';

/**
 * Names of the message in logs of pino and bunyan (`msg`), winston, ECS and logstash (`message`), zap (`msg`), Docker
 * (`log`), journald (`MESSAGE`), structlog (`event`), Serilog (`@m`, `@mt`), GELF (`short_message`), Google Cloud
 * (`textPayload`), OpenTelemetry (`body`) and `go test -json` (`Output`), best first.
 */
const NAMES = [
  'log_message',
  'message',
  'msg',
  'log',
  'text',
  'MESSAGE',
  '@m',
  'RenderedMessage',
  '@mt',
  'Message',
  'Msg',
  '@message',
  'short_message',
  'textPayload',
  'event',
  'body',
  'Body',
  'Output',
  'line',
] as const;

/** Objects that may hold the message when the top level has none. */
const NESTED = ['jsonPayload', 'fields', 'err', 'error', 'exception', 'data'] as const;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The message of a log record; undefined when it has none.
 *
 * @param field Name of the message, or names joined by dots (`error.message`); absent: the usual names.
 */
export function messageOf(record: JsonObject, field: string | undefined): string | undefined {
  if (field !== undefined) return asText(valueAt(record, field));
  const found = namedMessage(record);
  if (found !== undefined) return found;
  for (const name of NESTED) {
    const inner = own(record, name);
    const message = isObject(inner) ? namedMessage(inner) : undefined;
    if (message !== undefined) return message;
  }
  return undefined;
}

/** The message of a log record that is itself the message of something; undefined when `text` is no such record. */
export function unwrapMessage(text: string): string | undefined {
  const record = text.startsWith('{') ? parseObject(text) : undefined;
  return record && messageOf(record, undefined);
}

function namedMessage(record: JsonObject): string | undefined {
  for (const name of NAMES) {
    const value = record[name];
    if (typeof value === 'string' && value !== '') return value;
    if (name === 'MESSAGE' && Array.isArray(value)) return bytesOf(value);
  }
  return undefined;
}

function valueAt(record: JsonObject, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const name of path.split('.')) value = isObject(value) ? own(value, name) : undefined;
  return value;
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? undefined : (bytesOf(value) ?? JSON.stringify(value));
}

/** journald gives a message that is no UTF-8 as an array of bytes. */
function bytesOf(value: unknown): string | undefined {
  const isBytes = Array.isArray(value) && value.length > 0 && value.every((item) => isByte(item));
  return isBytes ? Buffer.from(value).toString('utf8') : undefined;
}

function isByte(item: unknown): boolean {
  return typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255;
}

function own(record: JsonObject, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that `text` is; undefined when it is none. */
export function parseObject(text: string): JsonObject | undefined {
  // Far cheaper than the exception that anything else ends in.
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
