import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * Every folder of fixtures/cases is one run of the real program: `args.json` is its arguments (and, as an object, its
 * `env` and exit `code`), `stdin` its input, `stdout` its whole output; each line of `stderr` must occur on stderr.
 * The program runs in the folder itself, so that arguments name files beside them.
 */
const cases = fileURLToPath(new URL('../fixtures/cases/', import.meta.url));
const logiq = fileURLToPath(new URL('../bin/logiq.js', import.meta.url));

interface Case {
  readonly args: readonly string[];
  readonly code?: number;
  readonly env?: Readonly<Record<string, string>>;
}

describe.each(readdirSync(cases))('%s', (name) => {
  const folder = join(cases, name);
  const read = (file: string): Buffer | undefined =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file)) : undefined;

  test('comes out as recorded', () => {
    const { args, code = 0, env = {} } = JSON.parse(String(read('args.json'))) as Case;
    const result = spawnSync(process.execPath, [logiq, ...args], {
      cwd: folder,
      input: read('stdin') ?? '',
      env: { PATH: process.env['PATH'], HOME: mkdtempSync(join(tmpdir(), 'logiq-home-')), ...env },
    });
    const stderr = result.stderr.toString('utf8');
    expect(result.status, stderr).toBe(code);
    expect(result.stdout.toString('latin1')).toBe((read('stdout') ?? Buffer.alloc(0)).toString('latin1'));
    for (const line of String(read('stderr') ?? '').split('\n')) expect(stderr).toContain(line);
  });
});
