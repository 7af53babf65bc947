import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { EXIT, LogiqError, type ExitCode } from './errors.ts';
import { visibleBlock } from './output/terminal.ts';
import { createPaint } from './report/paint.ts';
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
    await refuseMistypedCommand(argv[0] ?? '', io);
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
 * @throws {LogiqError} E_USAGE for a word that is close to a command's name and no file.
 */
async function refuseMistypedCommand(word: string, io: Io): Promise<void> {
  if (!/^[a-z]+$/i.test(word) || isCommand(word) || OWN.has(word) || existsSync(resolve(io.cwd, word))) return;
  const { closest } = await import('./did-you-mean.ts');
  const meant = closest(word, [...Object.keys(commands), 'help']);
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
      outputError: (text, write) => write(paint.red(`${visibleBlock(text)}\n`)),
    })
    .showHelpAfterError('Run "logiq --help" for what there is.')
    .exitOverride();

  const [first = ''] = argv;
  const wanted = isCommand(first) ? first : OWN.has(first) ? argv[1] : 'classify';
  for (const [name, { describe, load }] of Object.entries(commands)) {
    const command = name === wanted ? (await load())(io, setExitCode) : new Command(name);
    program.addCommand(command.copyInheritedSettings(program).summary(describe), { isDefault: name === 'classify' });
  }
  return program;
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
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
