import { DEVICES } from '../embedders/device.ts';
import { LogiqError } from '../errors.ts';
import { INPUT_FORMATS } from '../input/index.ts';
import { redactionPolicies } from '../llm/redact/policies.ts';
import { OUTPUT_FORMATS } from '../output/index.ts';

/** One setting: a flag, a `LOGIQ_*` variable and a key of the configuration files at once. */
export interface Setting<T, Fallback = T> {
  /** The flag as commander reads it: `--threshold <p>`. */
  readonly flag: string;
  readonly describe: string;
  /** Other environment variables that are honoured, after `LOGIQ_<NAME>`. */
  readonly alias?: readonly string[];
  /** Throws an Error that says what was expected. */
  readonly parse: (raw: string) => T;
  readonly fallback: Fallback;
}

/**
 * Every setting of `classify`. The key in a configuration file is the flag's name (`llm-model: ...`), the variable is
 * `LOGIQ_LLM_MODEL`. Secrets are not settings: they come from `GROQ_API_KEY` and `LOGIQ_LLM_API_KEY` alone.
 */
export const settings = {
  column: setting('--column <name>', 'message column of CSV and TSV input', text),
  field: setting('--field <path>', 'message field of JSON lines and logfmt, such as error.message', text),
  encoding: setting(
    '--encoding <name>',
    'of the input: latin1, windows-1252, shift_jis, gbk ... (default: UTF-8, or by its mark)',
    text,
  ),
  inputFormat: setting(
    '--input-format <format>',
    `instead of guessing: ${INPUT_FORMATS.join(', ')}`,
    oneOf(...INPUT_FORMATS),
  ),
  format: setting('--format <format>', `of the output: ${OUTPUT_FORMATS.join(', ')}`, oneOf(...OUTPUT_FORMATS)),
  multiline: setting(
    '--multiline <kind>',
    'auto: lines of one event get one label, and its number in a column; off (default: auto without the column)',
    oneOf('auto', 'off'),
  ),
  model: setting('--model <name|dir>', 'classifier: a bundled one or a folder', text, 'logiq-base'),
  embedder: {
    ...setting(
      '--embedder <name|ngrams|none>',
      "sentence encoder; ngrams does without, none runs rules only (default: the model's own)",
      text,
    ),
    alias: ['EMBEDDING_MODEL_NAME'],
  },
  threshold: {
    ...setting('--threshold <p>', "surer than this counts as decided (default: the model's own)", probability),
    alias: ['CONFIDENCE_THRESHOLD'],
  },
  rules: setting('--rules <file>', "your own rules, tried before the model's", text),
  device: setting(
    '--device <name>',
    `what runs the encoder: ${DEVICES.join(', ')}; auto takes the first that works`,
    oneOf(...DEVICES),
    'cpu',
  ),
  threads: setting('--threads <n>', 'threads of the encoder', positiveInteger),
  offline: setting('--offline', 'never use the network, also when a key is set', flag, false),
  llmModel: setting('--llm-model <name>', 'LLM for rows below the threshold', text, 'openai/gpt-oss-20b'),
  llmBaseUrl: setting(
    '--llm-base-url <url>',
    'any OpenAI-compatible server; its key, if it wants one, is LOGIQ_LLM_API_KEY',
    text,
  ),
  llmConcurrency: setting('--llm-concurrency <n>', 'LLM calls at once, at most', positiveInteger, 8),
  maxCost: setting('--max-cost <usd>', 'spend at most this on the LLM', positiveNumber),
  maxLlmCalls: setting('--max-llm-calls <n>', 'make at most this many LLM calls', positiveInteger),
  deadline: setting('--deadline <seconds>', 'ask the LLM nothing after this time', positiveNumber),
  redact: setting(
    '--redact <policy>',
    `what is hidden from the LLM beside templates' placeholders: ${redactionPolicies.join(', ')}`,
    oneOf(...redactionPolicies),
    'standard',
  ),
  explain: setting('--explain', 'add columns that tell why', flag, false),
  csvSafe: setting('--csv-safe', 'guard spreadsheets against formulas (default: on with -o, off on pipes)', flag),
  quiet: setting('-q, --quiet', 'no summary and no progress', flag, false),
  progress: setting('--progress <kind>', 'auto, plain or none', oneOf('auto', 'plain', 'none'), 'auto'),
} as const satisfies Record<string, Setting<unknown, unknown>>;

export type SettingName = keyof typeof settings;

export type Settings = {
  readonly [Name in SettingName]: ReturnType<(typeof settings)[Name]['parse']> | (typeof settings)[Name]['fallback'];
};

export const settingNames = Object.keys(settings) as readonly SettingName[];

/** `llmModel` -> `llm-model`, as flags and configuration files spell it. */
export function kebabCase(name: SettingName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `llmModel` -> `LOGIQ_LLM_MODEL`. */
export function variableName(name: SettingName): string {
  return `LOGIQ_${kebabCase(name).replaceAll('-', '_').toUpperCase()}`;
}

/** @throws {LogiqError} E_SETTING that names the place the value came from. */
export function parseSetting<Name extends SettingName>(name: Name, raw: string, origin: string): Settings[Name] {
  try {
    return settings[name].parse(raw) as Settings[Name];
  } catch (error) {
    throw new LogiqError('E_SETTING', `${origin} is "${raw}".`, `It takes ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function setting<T>(flagText: string, describe: string, parse: (raw: string) => T): Setting<T, undefined>;
function setting<T>(flagText: string, describe: string, parse: (raw: string) => T, fallback: T): Setting<T>;
function setting<T>(
  flagText: string,
  describe: string,
  parse: (raw: string) => T,
  fallback?: T,
): Setting<T, T | undefined> {
  return { flag: flagText, describe, parse, fallback };
}

function text(raw: string): string {
  if (raw.trim() === '') throw new Error('a value that is not empty');
  return raw;
}

function probability(raw: string): number {
  const value = Number(raw);
  if (raw.trim() === '' || !(value >= 0 && value <= 1)) throw new Error('a number from 0 to 1, such as 0.7');
  return value;
}

function positiveInteger(raw: string): number {
  const value = Number(raw);
  if (!Number.isInteger(value) || value < 1) throw new Error('a whole number from 1 up');
  return value;
}

function positiveNumber(raw: string): number {
  const value = Number(raw);
  if (!(value > 0 && value < Infinity)) throw new Error('a number above 0');
  return value;
}

function flag(raw: string): boolean {
  const word = raw.toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['0', 'false', 'no', 'off'].includes(word)) return false;
  throw new Error('true or false');
}

function oneOf<const Word extends string>(...words: readonly Word[]): (raw: string) => Word {
  return (raw) => {
    const word = words.find((candidate) => candidate === raw);
    if (word === undefined) throw new Error(`one of ${words.join(', ')}`);
    return word;
  };
}
