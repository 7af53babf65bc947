import { LogiqError } from '../errors.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { Io } from '../types.ts';
import { readConfigFiles } from './files.ts';
import {
  kebabCase,
  parseSetting,
  settingNames,
  settings,
  variableName,
  type SettingName,
  type Settings,
} from './registry.ts';
import { SERVE_VARIABLES } from './serve.ts';

/** Variables that begin with `LOGIQ_` and are not settings. */
const OTHER_VARIABLES = new Set(['LOGIQ_API_TOKEN', 'LOGIQ_LLM_API_KEY', 'LOGIQ_LONG_TESTS', ...SERVE_VARIABLES]);

/** Where each setting's value came from: `--flag`, a variable, a file's path or `default`. */
export type Origins = Readonly<Record<SettingName, string>>;

export interface ResolvedSettings {
  readonly settings: Settings;
  readonly origins: Origins;
}

interface Layer {
  readonly values: ReadonlyMap<SettingName, { readonly raw: string; readonly origin: string }>;
}

/**
 * Flags before environment before `.logiq.yaml` of the project before the user's configuration before defaults.
 *
 * @param flags What the command line said, by setting name; absent when it said nothing.
 * @throws {LogiqError} E_SETTING for a value that does not parse, an unknown `LOGIQ_*` variable or an unknown key.
 */
export async function resolveSettings(
  flags: Readonly<Record<string, string | boolean | undefined>>,
  io: Pick<Io, 'env' | 'cwd'>,
): Promise<ResolvedSettings> {
  const layers = [flagLayer(flags), environmentLayer(io.env), ...(await readConfigFiles(io)).map(fileLayer)];
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const name of settingNames) {
    const found = layers.map((layer) => layer.values.get(name)).find((value) => value !== undefined);
    values[name] = found ? parseSetting(name, found.raw, found.origin) : settings[name].fallback;
    origins[name] = found?.origin ?? 'default';
  }
  return { settings: values as Settings, origins: origins as Origins };
}

function flagLayer(flags: Readonly<Record<string, string | boolean | undefined>>): Layer {
  const given = settingNames.filter((name) => flags[name] !== undefined);
  return { values: new Map(given.map((name) => [name, { raw: String(flags[name]), origin: `--${kebabCase(name)}` }])) };
}

function environmentLayer(env: Io['env']): Layer {
  const known = settingNames.map(variableName);
  for (const variable of Object.keys(env)) {
    if (variable.startsWith('LOGIQ_') && !known.includes(variable) && !OTHER_VARIABLES.has(variable)) {
      throw new LogiqError('E_SETTING', `There is no setting ${variable}.`, didYouMean(variable, known));
    }
  }
  const values = new Map<SettingName, { raw: string; origin: string }>();
  for (const name of settingNames) {
    const { alias = [] }: { alias?: readonly string[] } = settings[name];
    const origin = [variableName(name), ...alias].find((variable) => (env[variable] ?? '') !== '');
    if (origin !== undefined) values.set(name, { raw: env[origin] ?? '', origin });
  }
  return { values };
}

function fileLayer({ path, entries }: { path: string; entries: ReadonlyMap<string, string> }): Layer {
  const byKey = new Map(settingNames.map((name) => [kebabCase(name), name]));
  const values = new Map<SettingName, { raw: string; origin: string }>();
  for (const [key, raw] of entries) {
    const name = byKey.get(key);
    if (name === undefined) {
      throw new LogiqError('E_SETTING', `${path} has an unknown key "${key}".`, didYouMean(key, [...byKey.keys()]));
    }
    values.set(name, { raw, origin: `"${key}" in ${path}` });
  }
  return { values };
}
