import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { EXIT, LogiqError, type ExitCode } from './errors.ts';
import { visibleBlock } from './output/terminal.ts';
import { createPaint, type Paint } from './report/paint.ts';
import type { Io } from './types.ts';
import { readVersion } from './version.ts';

/** Builds a command; what its action came to goes to `setExitCode`. */
export type CreateCommand = (io: Io, setExitCode: (code: ExitCode) => void) => Command;

/** To add a command: one file in commands/ and one entry here. Only the one that is used is loaded. */
const commands = {
  classify: {
    describe: 'label log files (the default command)',
    load: async (): Promise<CreateCommand> => (await import('./commands/classify.ts')).classifyCommand,
  },
  train: {
    describe: 'fit a classifier on your own labelled messages',
    load: async (): Promise<CreateCommand> => (await import('./commands/train.ts')).trainCommand,
  },
  eval: {
    describe: 'score a classifier on labelled messages',
    load: async (): Promise<CreateCommand> => (await import('./commands/eval.ts')).evalCommand,
  },
  learn: {
    describe: 'take answers and corrections into the training text',
    load: async (): Promise<CreateCommand> => (await import('./commands/learn.ts')).learnCommand,
  },
  models: {
    describe: 'classifiers and encoders: list, pull, verify, path',
    load: async (): Promise<CreateCommand> => (await import('./commands/models.ts')).modelsCommand,
  },
  cache: {
    describe: "the LLM's remembered answers: stats, export, merge, clear",
    load: async (): Promise<CreateCommand> => (await import('./commands/cache.ts')).cacheCommand,
  },
  config: {
    describe: 'what the settings are here, and where each comes from',
    load: async (): Promise<CreateCommand> => (await import('./commands/config.ts')).configCommand,
  },
  doctor: {
    describe: 'tell versions, the runtime in use and what to mend',
    load: async (): Promise<CreateCommand> => (await import('./commands/doctor.ts')).doctorCommand,
  },
  serve: {
    describe: 'label over HTTP: API, page, health, metrics',
    load: async (): Promise<CreateCommand> => (await import('./commands/serve.ts')).serveCommand,
  },
} satisfies Record<string, { describe: string; load(): Promise<CreateCommand> }>;

type CommandName = keyof typeof commands;

/** Arguments that the program answers itself, when they come first. */
const OWN = new Set(['-V', '--version', '-h', '--help', 'help']);

/**
 * Runs one command line.
 *
 * @param argv Arguments without the interpreter and the script.
 * @returns The exit code. Every error has become text on stderr; nothing is thrown.
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  try {
    await refuseMistypedCommand(argv, io);
    const program = await createProgram(argv, io, (code) => (exitCode = code));
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, io);
  }
}

/**
 * What is no command is a file to label, so a mistyped command would be told as a file that is not there.
 *
 * @throws {LogiqError} E_USAGE for a word that is close to a command's name and no file, and for help on no command.
 */
async function refuseMistypedCommand([first = '', second = '']: readonly string[], io: Io): Promise<void> {
  const word = first === 'help' ? second : first;
  if (!/^[a-z]+$/i.test(word) || isCommand(word) || OWN.has(word)) return;
  if (first !== 'help' && existsSync(resolve(io.cwd, word))) return;
  const { closest, didYouMean } = await import('./did-you-mean.ts');
  const names = Object.keys(commands);
  if (first === 'help') throw new LogiqError('E_USAGE', `There is no command "${word}".`, didYouMean(word, names));
  const meant = closest(word, [...names, 'help']);
  if (meant === undefined) return;
  throw new LogiqError('E_USAGE', `There is no command and no file "${word}".`, `Did you mean "logiq ${meant}"?`);
}

async function createProgram(argv: readonly string[], io: Io, setExitCode: (code: ExitCode) => void): Promise<Command> {
  const paint = createPaint(io);
  const program = new Command('logiq')
    .description('Label bulk log files: rules, an offline classifier and an optional LLM, one decision per template.')
    .version(readVersion(), '-V, --version')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(explainUsage(text, paint)),
    })
    .usage('[command] [file...] [options]')
    .addHelpText('after', '\nOptions of a command: logiq COMMAND --help')
    .exitOverride();

  const [first = ''] = argv;
  const wanted = isCommand(first) ? first : OWN.has(first) ? argv[1] : 'classify';
  for (const [name, { describe, load }] of Object.entries(commands)) {
    const command = name === wanted ? (await load())(io, setExitCode) : new Command(name);
    inherit(command.summary(describe), program, `  ${paint.dim('hint:')} Its options: logiq`);
    program.addCommand(command, { isDefault: name === 'classify' });
  }
  return program;
}

/** How a command ends and where it writes is the program's to say, and so on for the commands below it. */
function inherit(command: Command, parent: Command, hint: string): void {
  const ownHint = `${hint} ${command.name()}`;
  command.copyInheritedSettings(parent).showHelpAfterError(`${ownHint} --help`);
  for (const below of command.commands) inherit(below, command, ownHint);
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}

/** What commander says of a wrong command line: one line, and a suggestion in parentheses where it has one. */
function explainUsage(text: string, paint: Paint): string {
  const [, problem = text, suggestion] = /^error: ([^]*?)(?:\n\((Did you mean [^]*)\))?\s*$/.exec(text) ?? [];
  return `${paint.red('error:')} ${visibleBlock(problem)}\n${suggestion === undefined ? '' : `  ${paint.dim('hint:')} ${visibleBlock(suggestion)}\n`}`;
}

/** The only place that turns an error into text. */
function explain(error: unknown, io: Io): ExitCode {
  if (io.signal.aborted) return EXIT.ok; // how it ended is the signal's to say
  const paint = createPaint(io);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // commander has said it
  if (error instanceof LogiqError) {
    io.stderr.write(`${paint.red('error:')} ${visibleBlock(error.message)}\n`);
    if (error.hint) io.stderr.write(`  ${paint.dim('hint:')} ${visibleBlock(error.hint)}\n`);
    return error.exitCode;
  }
  const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(
    `${paint.red('error:')} This is a bug in logiq ${readVersion()}; please report it with these lines:\n`,
  );
  io.stderr.write(`${visibleBlock(report)}\n`);
  return EXIT.software;
}
