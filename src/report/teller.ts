import type { Io } from '../types.ts';
import { count } from './numbers.ts';

export interface Teller {
  add(line: string): void;
  /** What was not told yet, each line with its end. */
  rest(): string;
}

/** Inputs that are told of one by one. */
const MAX_TOLD = 10;

/** Says what is read: at once on a terminal, else with the summary, for a reader that goes away early wants no word. */
export function createTeller(io: Pick<Io, 'stderr'>, files: number): Teller {
  const lines: string[] = [];
  let added = 0;
  return {
    add(line) {
      added += 1;
      if (added === MAX_TOLD && files > MAX_TOLD) lines.push(`and ${count(files - MAX_TOLD + 1)} more files`);
      else if (added <= MAX_TOLD || files <= MAX_TOLD) lines.push(line);
      if (io.stderr.isTTY === true && lines.length > 0) io.stderr.write(`${lines.splice(0).join('\n')}\n`);
    },
    rest: () =>
      lines
        .splice(0)
        .map((line) => `${line}\n`)
        .join(''),
  };
}
