import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';

const recorder = new URL('record-modules.js', import.meta.url).href;

export interface LoadedModules {
  readonly packages: readonly string[];
  /** Modules of logiq itself, relative to dist. */
  readonly own: readonly string[];
}

/** Runs logiq, which must end well, and tells what it has loaded. @param program Its file in bin/, without links. */
export function loadedModules(
  program: string,
  args: readonly string[],
  { stdin = '', node = process.execPath } = {},
): LoadedModules {
  const folder = mkdtempSync(join(tmpdir(), 'logiq-modules-'));
  const record = join(folder, 'modules');
  const { status, stderr } = spawnSync(node, ['--import', recorder, program, ...args], {
    input: stdin,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, RECORD_MODULES: record },
  });
  expect(status, stderr).toBe(0);
  const urls = [...new Set(readFileSync(record, 'utf8').trim().split('\n'))];
  const dist = new URL('../dist/', pathToFileURL(program)).href;
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  return {
    packages: [...new Set(packages)].filter((name) => name !== 'logiq').toSorted(),
    own: urls.filter((url) => url.startsWith(dist)).map((url) => url.slice(dist.length)),
  };
}
