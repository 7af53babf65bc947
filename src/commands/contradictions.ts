import { LogiqError } from '../errors.ts';
import type { Inputs } from '../input/expand.ts';
import type { Target } from '../output/target.ts';

/** Flags of `classify` that cannot all be had. */
interface Wanted {
  readonly follow?: boolean;
  readonly resume?: boolean;
  readonly outDir?: string;
  readonly output?: string;
  readonly stats?: string;
  readonly dryRun?: boolean;
}

/** @throws {LogiqError} E_USAGE. */
export function refuseContradictions(wanted: Wanted, target: Target): void {
  const { follow, resume, outDir, output, dryRun } = wanted;
  const refuse = (message: string, hint: string): never => {
    throw new LogiqError('E_USAGE', message, hint);
  };
  for (const [flag, value] of [
    ['-o', output],
    ['--out-dir', outDir],
    ['--stats', wanted.stats],
  ] as const) {
    if (value === '') refuse(`${flag} is empty.`, 'Is a variable unset? Give it a name, or leave it out.');
  }
  if (outDir !== undefined && output !== undefined) {
    refuse('--out-dir and -o name two places for the rows.', 'Leave one of them out.');
  }
  if (resume === true && (output === undefined || target.kind !== 'file' || outDir !== undefined)) {
    refuse('--resume needs a file to write to.', 'Name it with -o FILE.');
  }
  if (follow === true && (target.kind === 'file' || outDir !== undefined)) {
    refuse('A followed file has no end, so its output would never be whole.', 'Redirect it: logiq -f FILE >> rows.csv');
  }
  if (follow === true && dryRun === true) {
    refuse('A followed file has no end, so --dry-run would never have its sums.', 'Leave one of them out.');
  }
  if (follow === true && resume === true) refuse('--follow and --resume do not go together.', 'Leave one of them out.');
}

/** @throws {LogiqError} E_USAGE when there is more than one input, or none that can be opened again. */
export function refuseMany({ files, isMany }: Inputs): void {
  if (!isMany && files[0]?.path !== '-') return;
  throw new LogiqError('E_USAGE', '--follow and --resume take one file.', 'Name one file, or run once for each.');
}
