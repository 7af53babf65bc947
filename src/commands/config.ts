import { Command } from 'commander';
import { EXIT, type ExitCode } from '../errors.ts';
import { visible } from '../output/terminal.ts';
import { kebabCase, settingNames } from '../settings/registry.ts';
import { resolveSettings } from '../settings/resolve.ts';
import type { Io } from '../types.ts';

/** What the settings are here and now, in the form of a configuration file. */
export function configCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  const command = new Command('config').description('What the settings are here, and where each comes from.');
  command
    .command('show')
    .description('every setting and its value, as a configuration file has it; unset ones as comments')
    .option('--origin', 'also where each value comes from')
    .copyInheritedSettings(command)
    .action(async ({ origin }: { origin?: boolean }) => {
      const { settings, origins } = await resolveSettings({}, io);
      for (const name of settingNames) {
        const value = settings[name];
        const line = value === undefined ? `# ${kebabCase(name)}:` : `${kebabCase(name)}: ${visible(String(value))}`;
        io.stdout.write(`${line}${origin === true ? `  # ${visible(origins[name])}` : ''}\n`);
      }
      setExitCode(EXIT.ok);
    });
  return command;
}
