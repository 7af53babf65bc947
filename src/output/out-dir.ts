import { mkdir } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, normalize, resolve } from 'node:path';
import { LogiqError } from '../errors.ts';
import type { OutputFormat } from './index.ts';
import { writeError } from './write-error.ts';

/**
 * Names an output for each input: below `folder` as the input below what was named on the command line, with the format
 * behind its name unless that is what it ends with: `app/today.log` gives `app/today.log.csv`.
 */
export class OutDir {
  readonly #folder: string;
  readonly #taken = new Map<string, string>();

  constructor(folder: string, cwd: string) {
    this.#folder = resolve(cwd, folder);
  }

  /**
   * @returns Absolute path of the output; its folder exists.
   * @throws {LogiqError} E_USAGE when another input has it already, E_OUTPUT_WRITE when its folder cannot be made.
   */
  async pathFor(path: string, name: string, format: OutputFormat): Promise<string> {
    const plain = inside(name);
    const output = join(this.#folder, extname(plain).toLowerCase() === `.${format}` ? plain : `${plain}.${format}`);
    const other = this.#taken.get(output);
    if (other !== undefined) {
      throw new LogiqError(
        'E_USAGE',
        `"${other}" and "${path}" would both be written to ${output}.`,
        'Name the folder that both are in, so that they keep their places in it.',
      );
    }
    this.#taken.set(output, path);
    try {
      await mkdir(dirname(output), { recursive: true });
    } catch (error) {
      throw writeError(dirname(output), error);
    }
    return output;
  }
}

/** A relative name that does not lead out of its folder. */
function inside(name: string): string {
  if (name === '-') return 'stdin';
  const parts = normalize(isAbsolute(name) ? name.slice(1) : name).split(/[\\/]/);
  return join(...parts.filter((part) => part !== '..' && part !== ''));
}
