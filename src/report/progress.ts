import type { RunStats } from '../stats/run-stats.ts';
import type { Io } from '../types.ts';
import { byteSize, count, duration, percent, plural } from './numbers.ts';

const SPINNER_REFRESH_MS = 200;
const PLAIN_EVERY_MS = 10_000;

export interface Progress {
  stop(): void;
}

/** How much of the inputs was read. */
export interface Reading {
  bytes(): number;
  /** Of all inputs; undefined where one has no size. */
  readonly total: number | undefined;
}

/**
 * Tells on stderr how far the run is: a spinner on a terminal, a line every 10 s with `plain`, nothing in CI, in
 * pipes or when the rows themselves go to the terminal.
 */
export async function startProgress(
  kind: 'auto' | 'plain' | 'none',
  stats: RunStats,
  io: Io,
  reading: Reading = { bytes: () => 0, total: undefined },
): Promise<Progress> {
  if (kind === 'plain') return every(PLAIN_EVERY_MS, () => io.stderr.write(`${progressText(stats, reading)}\n`));
  const isForPeople =
    io.stderr.isTTY === true && io.stdout.isTTY !== true && !io.env['CI'] && io.env['TERM'] !== 'dumb';
  if (kind === 'none' || !isForPeople) return { stop: () => {} };

  const { default: ora } = await import('ora');
  const spinner = ora({ text: 'starting', stream: io.stderr, discardStdin: false }).start();
  const timer = every(SPINNER_REFRESH_MS, () => (spinner.text = progressText(stats, reading)));
  return {
    stop() {
      timer.stop();
      spinner.stop();
    },
  };
}

function progressText(stats: RunStats, reading: Reading): string {
  const elapsedMs = stats.elapsedMs();
  const rate = Math.round(stats.rows() / (elapsedMs / 1000));
  const rows = `${plural(stats.rows(), 'row')} in ${duration(elapsedMs)}, ${count(rate)} rows/s`;
  const done = reading.bytes();
  const { total } = reading;
  if (done === 0) return rows;
  if (total === undefined) return `${rows}, ${byteSize(done)}`;
  const left = done < total ? `, ${duration((elapsedMs / done) * (total - done))} left` : '';
  return `${rows}, ${byteSize(done)} of ${byteSize(total)} (${percent(Math.min(1, done / total))})${left}`;
}

function every(ms: number, tell: () => void): Progress {
  const timer = setInterval(tell, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
