import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { LogiqError } from '../errors.ts';
import type { Io } from '../types.ts';

export interface ConfigFile {
  readonly path: string;
  /** Keys as written, values as text. */
  readonly entries: ReadonlyMap<string, string>;
}

/**
 * The project's `.logiq.yaml` (in the working folder or the nearest folder above that has one), then the user's
 * `$XDG_CONFIG_HOME/logiq/config.yaml`. They are data: nothing in them is executed. Absent files are skipped.
 *
 * @throws {LogiqError} E_SETTING when a file is not a YAML mapping of keys to plain values.
 */
export async function readConfigFiles(io: Pick<Io, 'env' | 'cwd'>): Promise<readonly ConfigFile[]> {
  const files = [await nearest(io.cwd, '.logiq.yaml'), await readConfig(configFilePath(io.env))];
  return files.filter((file) => file !== undefined);
}

/** Where the user's own configuration is looked for. */
export function configFilePath(env: Io['env']): string {
  const configHome = env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? homedir(), '.config');
  return join(configHome, 'logiq', 'config.yaml');
}

async function nearest(folder: string, name: string): Promise<ConfigFile | undefined> {
  const file = await readConfig(join(folder, name));
  const parent = dirname(folder);
  return file ?? (parent === folder ? undefined : nearest(parent, name));
}

async function readConfig(path: string): Promise<ConfigFile | undefined> {
  let source: string;
  try {
    source = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new LogiqError('E_SETTING', `${path} cannot be read (${code}).`, 'Make it readable or remove it.', {
      cause: error,
    });
  }
  const { parse } = await import('yaml');
  let document: unknown;
  try {
    document = parse(source) ?? {};
  } catch (error) {
    throw new LogiqError('E_SETTING', `${path} is not valid YAML: ${(error as Error).message}`, 'Mend or remove it.');
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new LogiqError(
      'E_SETTING',
      `${path} is not a mapping.`,
      'Write one "key: value" a line, such as "threshold: 0.7".',
    );
  }
  const entries = Object.entries(document).map(([key, value]): [string, string] => {
    if (typeof value === 'object') {
      throw new LogiqError('E_SETTING', `"${key}" in ${path} is not a plain value.`, 'Write one "key: value" a line.');
    }
    return [key, String(value)];
  });
  return { path, entries: new Map(entries) };
}
