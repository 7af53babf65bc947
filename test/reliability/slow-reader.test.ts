import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ended, folder, residentMb, start, times, writeLog } from '../helpers/program.ts';

/** Bytes that the reader takes in a second. */
const RATE = 1e6;
const SECONDS = times(120, 6);

/** Bytes it takes before, as fast as they come: by then the heap has the size that it keeps. */
const WARM_UP = 60e6;

test.runIf(process.platform === 'linux')(
  `a reader of 1 MB/s does not make memory grow in ${SECONDS} s`,
  { timeout: 600_000 },
  async () => {
    const log = join(folder(), 'big.log');
    writeLog(log, times(5e9, 300e6));
    const program = start([log, '--quiet', '--embedder', 'none']);
    const sizes: number[] = [];
    let taken = 0;
    for (let second = 0; second < SECONDS; second++) {
      for (const due = WARM_UP + (second + 1) * RATE; taken < due;) {
        const chunk = program.stdout.read(65_536) as Buffer | null;
        if (chunk === null) await sleep(5);
        else taken += chunk.length;
      }
      sizes.push(residentMb(program));
      await sleep(1000);
    }
    program.kill('SIGKILL');
    await ended(program);
    expect(Math.max(...sizes)).toBeLessThanOrEqual((sizes[0] ?? 0) * 1.1);
    expect(Math.max(...sizes)).toBeLessThan(300);
  },
);
