import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { settingNames, settings } from '../src/settings/registry.ts';

/**
 * Every line of every `sh` block of the README runs with `sh`, in a folder that holds the files it speaks of, and must
 * exit 0. `logiq` and `npx logiq` are this checkout's program. `npm` is a stand-in that fails for a script which
 * package.json lacks and does nothing else: these tests are themselves what `npm test` runs.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

const commands = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) =>
  block.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
);

describe('commands of the README', () => {
  const { cwd, env } = world();

  test.each(commands)('%s', (command) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd,
      env,
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  });

  test('there are some', () => {
    expect(commands.length).toBeGreaterThan(5);
  });
});

test.each(settingNames.map((name) => /--\S+/.exec(settings[name].flag)?.[0] ?? ''))(
  'the README tells of %s',
  (flag) => {
    expect(readme).toContain(`\`${flag}`);
  },
);

/** A folder as a reader of the README would have it: a checkout's fixtures and some logs of their own. */
function world() {
  const cwd = mkdtempSync(join(tmpdir(), 'logiq-readme-'));
  const bin = join(cwd, '.bin');
  mkdirSync(bin);
  const script = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const logiq = `exec "${process.execPath}" "${join(root, 'bin/logiq.js')}"`;
  script('logiq', `${logiq} "$@"`);
  script('npx', `test "$1" = logiq || exit 1; shift; ${logiq} "$@"`);
  script(
    'npm',
    `case "$1" in ci|test) exit 0;; run) grep -q "\\"$2\\":" "${join(root, 'package.json')}";; *) exit 1;; esac`,
  );

  cpSync(join(root, 'fixtures'), join(cwd, 'fixtures'), { recursive: true });
  const sample = readFileSync(join(root, 'fixtures/sample.csv'), 'utf8').split('\n').slice(1);
  const lines = sample.map((row) => row.replace(/^[^,]*,[^,]*,/, '').replaceAll('"', ''));
  writeFileSync(join(cwd, 'app.log'), lines.join('\n'));
  cpSync(join(root, 'fixtures/sample.csv'), join(cwd, 'events.csv'));
  return { cwd, env: { PATH: `${bin}:${process.env['PATH']}`, HOME: cwd } };
}
