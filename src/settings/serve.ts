import { LogiqError } from '../errors.ts';
import type { Io } from '../types.ts';

/** One setting of `serve`: a flag and a `LOGIQ_*` variable at once. */
interface ServeSetting<T> {
  readonly flag: string;
  readonly describe: string;
  readonly parse: (raw: string) => T;
  readonly fallback: T;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What `serve` has beside the settings of `classify`. The bearer token is none of them: it is `LOGIQ_API_TOKEN` alone. */
export const serveSettings = {
  host: setting('--host <address>', 'address to listen on; 0.0.0.0 is every one', (raw) => raw, '127.0.0.1'),
  port: setting('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 8000),
  healthPort: setting<number | undefined>(
    '--health-port <n>',
    'also answer /healthz, /readyz and /metrics on this port, where no flood of requests holds them up',
    wholeNumber(0, 65_535),
    undefined,
  ),
  maxUpload: setting('--max-upload <mib>', 'largest upload, in MiB', wholeNumber(1, 1_048_576), 1024),
  rateLimit: setting('--rate-limit <n>', 'requests a client and minute, 0 for no limit', wholeNumber(0, 1e9), 1200),
  corsOrigin: setting<string | undefined>(
    '--cors-origin <origin>',
    'let pages of this origin use the API',
    origin,
    undefined,
  ),
  trustProxy: setting<string | undefined>(
    '--trust-proxy <addresses>',
    'proxies whose X-Forwarded-For names the client, such as 10.0.0.0/8',
    (raw) => raw,
    undefined,
  ),
  logLevel: setting('--log-level <level>', `of the access log: ${LOG_LEVELS.join(', ')}`, logLevel, 'info'),
} as const satisfies Record<string, ServeSetting<unknown>>;

type ServeSettingName = keyof typeof serveSettings;

export type ServeSettings = { readonly [Name in ServeSettingName]: ReturnType<(typeof serveSettings)[Name]['parse']> };

const names = Object.keys(serveSettings) as readonly ServeSettingName[];

/** The variables that only `serve` reads; other commands let them be. */
export const SERVE_VARIABLES: readonly string[] = names.map(variableName);

/**
 * Flags before environment before defaults.
 *
 * @throws {LogiqError} E_SETTING for a value that does not parse.
 */
export function resolveServeSettings(
  flags: Readonly<Record<string, string | boolean | undefined>>,
  env: Io['env'],
): ServeSettings {
  const values = names.map((name) => {
    const variable = variableName(name);
    const flag = flags[name];
    if (flag !== undefined) return [name, parse(name, String(flag), flagName(name))];
    const value = env[variable] ?? '';
    return [name, value === '' ? serveSettings[name].fallback : parse(name, value, variable)];
  });
  return Object.fromEntries(values) as ServeSettings;
}

function parse(name: ServeSettingName, raw: string, place: string): unknown {
  try {
    return serveSettings[name].parse(raw);
  } catch (error) {
    throw new LogiqError('E_SETTING', `${place} is "${raw}".`, `It takes ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function flagName(name: ServeSettingName): string {
  return serveSettings[name].flag.replace(/ .*/, '');
}

function variableName(name: ServeSettingName): string {
  return `LOGIQ_${flagName(name).slice(2).replaceAll('-', '_').toUpperCase()}`;
}

function setting<T>(flag: string, describe: string, parseValue: (raw: string) => T, fallback: T): ServeSetting<T> {
  return { flag, describe, parse: parseValue, fallback };
}

function wholeNumber(least: number, most: number): (raw: string) => number {
  return (raw) => {
    const value = Number(raw);
    if (raw.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`a whole number from ${least} to ${most}`);
  };
}

function origin(raw: string): string {
  if (URL.canParse(raw) && new URL(raw).origin === raw) return raw;
  throw new Error('a scheme and host without a path, such as https://logs.example.com');
}

function logLevel(raw: string): (typeof LOG_LEVELS)[number] {
  const level = LOG_LEVELS.find((candidate) => candidate === raw);
  if (level !== undefined) return level;
  throw new Error(`one of ${LOG_LEVELS.join(', ')}`);
}
