import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { Command, Option } from 'commander';
import { EXIT, LogiqError, type ExitCode } from '../errors.ts';
import { serve } from '../server/start.ts';
import { settings as registry, type SettingName } from '../settings/registry.ts';
import { resolveSettings } from '../settings/resolve.ts';
import { resolveServeSettings, serveSettings } from '../settings/serve.ts';
import type { Io } from '../types.ts';

/** The settings of `classify` that hold for a server too: how to decide, not what to read and write. */
const SHARED: readonly SettingName[] = [
  'model',
  'embedder',
  'threshold',
  'rules',
  'threads',
  'device',
  'offline',
  'llmModel',
  'llmBaseUrl',
  'llmConcurrency',
  'maxCost',
  'maxLlmCalls',
  'redact',
];

type Flags = Readonly<Record<string, string | boolean | undefined>> & { readonly envFile?: string };

export function serveCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  const command = new Command('serve')
    .description('Label over HTTP: API, page, OpenAPI, health and metrics. LOGIQ_API_TOKEN demands a bearer token.')
    .option('--env-file <file>', 'variables, one NAME=value a line; those of the environment come first');
  for (const { flag, describe } of Object.values(serveSettings)) command.addOption(new Option(flag, describe));
  for (const name of SHARED) command.addOption(new Option(registry[name].flag, registry[name].describe));
  return command.action(async (flags: Flags) => {
    const env = flags.envFile === undefined ? io.env : await withFile(flags.envFile, io);
    const { settings } = await resolveSettings(flags, { ...io, env });
    await serve(settings, resolveServeSettings(flags, env), { ...io, env });
    setExitCode(EXIT.ok);
  });
}

async function withFile(path: string, io: Io): Promise<Io['env']> {
  try {
    return { ...parseEnv(await readFile(resolve(io.cwd, path), 'utf8')), ...io.env };
  } catch (error) {
    throw new LogiqError(
      'E_INPUT_MISSING',
      `The file of variables "${path}" cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      'Name a file of NAME=value lines with --env-file.',
      { cause: error },
    );
  }
}
