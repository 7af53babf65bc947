import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT, LogiqError, type ExitCode } from '../errors.ts';
import { answerFilePath, answerFileStats, clearAnswers, exportAnswers, mergeAnswers } from '../llm/answer-file.ts';
import { visible } from '../output/terminal.ts';
import { plural } from '../report/numbers.ts';
import type { Io } from '../types.ts';

/** The answers that the LLM gave and that no later run has to pay for again. */
export function cacheCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  const path = answerFilePath(io.env);
  const command = new Command('cache').description(
    'The remembered answers of the LLM: redacted templates and their labels, which no later run asks for again.',
  );
  const add = (
    name: string,
    describe: string,
    action: (file: string) => void | Promise<void>,
    argument?: string,
  ): void => {
    const sub = command.command(name).description(describe).copyInheritedSettings(command);
    if (argument !== undefined) sub.argument(argument, 'a file that export wrote');
    sub.action(async (file: unknown) => {
      await action(typeof file === 'string' ? file : '');
      setExitCode(EXIT.ok);
    });
  };

  add('stats', 'how many answers there are, of which models, and where', () => {
    io.stdout.write(`${JSON.stringify({ path, ...answerFileStats(path) }, null, 2)}\n`);
  });
  add('export', 'write all answers to standard output, one JSON object a line', () => {
    io.stdout.write(exportAnswers(path));
  });
  add(
    'merge',
    'add the answers of an export; those that are there stay as they are',
    async (file) => {
      const added = mergeAnswers(path, await readExport(resolve(io.cwd, file)));
      io.stderr.write(`${plural(added, 'answer')} added to ${visible(path)}\n`);
    },
    '<file>',
  );
  add('clear', 'forget all answers', () => {
    clearAnswers(path);
    io.stderr.write(`${visible(path)} is gone\n`);
  });
  return command;
}

async function readExport(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new LogiqError(
      'E_INPUT_MISSING',
      `"${file}" cannot be read: ${(cause as Error).message}.`,
      'Name a file that "logiq cache export" wrote.',
      { cause },
    );
  }
}
