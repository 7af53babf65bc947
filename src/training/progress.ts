import { duration } from '../report/numbers.ts';
import type { Io } from '../types.ts';

/** Tells on stderr which step of a training runs; `stop` takes the line away. */
export interface TrainingProgress {
  readonly tell: (step: string, done?: number, total?: number) => void;
  stop(): void;
}

const PLAIN_EVERY_MS = 10_000;

/** A spinner on a terminal, a line every 10 s elsewhere, nothing when quiet. */
export async function startTrainingProgress(
  io: Pick<Io, 'stderr' | 'env'>,
  quiet: boolean,
  now: () => number = () => performance.now(),
): Promise<TrainingProgress> {
  if (quiet) return { tell: () => {}, stop: () => {} };
  const startedAt = now();
  const isForPeople = io.stderr.isTTY === true && !io.env['CI'] && io.env['TERM'] !== 'dumb';
  if (!isForPeople) {
    let toldAt = startedAt;
    return {
      tell(step, done, total) {
        if (now() - toldAt < PLAIN_EVERY_MS) return;
        toldAt = now();
        io.stderr.write(`${textOf(step, done, total, now() - startedAt)}\n`);
      },
      stop: () => {},
    };
  }
  const { default: ora } = await import('ora');
  const spinner = ora({ text: 'starting', stream: io.stderr, discardStdin: false }).start();
  return {
    tell: (step, done, total) => void (spinner.text = textOf(step, done, total, now() - startedAt)),
    stop: () => void spinner.stop(),
  };
}

function textOf(step: string, done: number | undefined, total: number | undefined, elapsedMs: number): string {
  const share = done !== undefined && total !== undefined && total > 0 ? ` ${done} of ${total}` : '';
  return `${step}${share}, ${duration(elapsedMs)}`;
}
