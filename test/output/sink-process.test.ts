import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** A process that writes rows to its real standard output as a command would, and tells on stderr how that went. */
function program(rows: string): string {
  const sink = new URL('../../dist/output/sink.js', import.meta.url).href;
  const url = new URL('../../dist/output/target.js', import.meta.url).href;
  return `
    import { writeAll } from '${sink}';
    import { toTarget } from '${url}';
    let ended = 'no';
    async function* chunks() { try { ${rows} } finally { ended = 'yes'; } }
    const target = toTarget(process.argv[1], { stdout: process.stdout, stderr: process.stderr, cwd: process.cwd() });
    const result = await writeAll(chunks(), target, new AbortController().signal).catch((error) => error.message);
    if (process.env.TELL) console.error(JSON.stringify([result, ended]));
  `;
}

const ENDLESS = `for (let row = 0; ; row++) yield Buffer.from(('row ' + row + '\\n').repeat(1000));`;

function shell(command: string, rows: string, env: Record<string, string> = {}) {
  return spawnSync('bash', ['--norc', '-o', 'pipefail', '-c', command, 'bash', process.execPath, program(rows)], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH: process.env['PATH'], ...env },
  });
}

const RUN = '"$1" --input-type=module -e "$2"';

describe.skipIf(process.platform === 'win32')('standard output', () => {
  test('head may leave when it has seen enough, time and again', () => {
    const times = process.env['LOGIQ_LONG_TESTS'] === '1' ? 100 : 5;
    const result = shell(`for i in $(seq ${times}); do ${RUN} | head -1 || exit 9; done`, ENDLESS);
    expect([result.status, result.stderr, result.stdout]).toEqual([0, '', 'row 0\n'.repeat(times)]);
  });

  test('a reader that left has ended the source', () => {
    const result = shell(`${RUN} | head -1`, ENDLESS, { TELL: '1' });
    expect(result.stderr).toBe('[{"closed":true},"yes"]\n');
  });

  test.runIf(process.platform === 'linux').each(['> /dev/full', '/dev/stdout > /dev/full', '/dev/full'])(
    'a full disk is an error: %s',
    (where) => {
      const result = shell(`${RUN} ${where}`, ENDLESS, { TELL: '1' });
      expect(result.stderr).toMatch(
        /^\["Cannot write to (standard output|\/dev\/full): the disk is full\.","yes"\]\n$/,
      );
    },
  );

  test('/dev/stdout is where output goes already, whatever that is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'logiq-stdout-'));
    try {
      const row = `yield Buffer.from('row\\n');`;
      const file = join(folder, 'out');
      expect(shell(`{ echo before; ${RUN} /dev/stdout; echo after; } > ${file}`, row).stderr).toBe('');
      expect(readFileSync(file, 'utf8')).toBe('before\nrow\nafter\n');
      expect(shell(`${RUN} /dev/stdout | cat`, row).stdout).toBe('row\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a slow reader gets every byte', () => {
    const rows = `for (let row = 0; row < 50; row++) yield Buffer.alloc(100_000, 'x');`;
    expect(shell(`${RUN} | { sleep 0.2; wc -c; }`, rows).stdout.trim()).toBe('5000000');
  });
});
