import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { env, folder, run, writeLog } from '../helpers/program.ts';

const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));
const options = ['--quiet', '--embedder', 'none'];

describe.runIf(process.platform === 'linux')('a file may not grow beyond a limit', () => {
  /** `ulimit -f` counts KiB; the signal that goes with it is ignored, as on a full disk there is none. */
  const limited = (kib: number, args: readonly string[]) =>
    spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f ${kib}; exec "$0" "$@"`, process.execPath, logiq, ...args], {
      env,
      encoding: 'utf8',
    });

  test.each([[[]], [['--resume']]])(
    'exit 74, the old output stays, and a run with room is whole: %j',
    async (extra) => {
      const cwd = folder();
      const log = join(cwd, 'in.log');
      const output = join(cwd, 'out.csv');
      writeLog(log, 4e6);
      writeFileSync(output, 'old');
      const { status, stderr } = limited(1024, [log, '-o', output, ...options, ...extra]);
      expect(status).toBe(74);
      expect(stderr).toContain('larger than is allowed');
      expect(readFileSync(output, 'utf8')).toBe('old');

      expect((await run([log, '-o', output, ...options, ...extra])).code).toBe(0);
      expect(readFileSync(output, 'utf8') === (await run([log, ...options, '--csv-safe'])).stdout).toBe(true);
      expect(existsSync(`${output}.part`)).toBe(false);
    },
  );

  test('/dev/full is told, exit 74', async () => {
    expect(await run(['-o', '/dev/full', ...options], 'x\n')).toMatchObject({
      code: 74,
      stderr: expect.stringContaining('the disk is full'),
    });
  });
});
