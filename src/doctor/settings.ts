import { settingNames } from '../settings/registry.ts';
import { resolveSettings, type ResolvedSettings } from '../settings/resolve.ts';
import { configFilePath, readConfigFiles } from '../settings/files.ts';
import type { Io } from '../types.ts';
import type { Check } from './check.ts';

/**
 * Where settings come from. Values stay unsaid: `found` and `facts` name places alone.
 *
 * @throws {LogiqError} E_SETTING when a place holds what it must not.
 */
export async function examineSettings(io: Pick<Io, 'env' | 'cwd'>): Promise<Omit<Check, 'name'>> {
  const { origins }: ResolvedSettings = await resolveSettings({}, io);
  const files = (await readConfigFiles(io)).map(({ path }) => path);
  const set = settingNames.filter((name) => origins[name] !== 'default');
  const userFile = configFilePath(io.env);
  const from = files.length > 0 ? files.join(', ') : `no .logiq.yaml here or above, no ${userFile}`;
  return {
    status: 'ok',
    found: `${set.length === 0 ? 'all defaults' : `${set.length} set`}; ${from}`,
    facts: { files, userFile, origins: Object.fromEntries(set.map((name) => [name, origins[name]])) },
  };
}
