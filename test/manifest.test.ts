import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { namesInSbom } from './helpers/sbom.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  scripts: Record<string, string>;
};
const lock = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, { hasInstallScript?: boolean; resolved?: string }>;
};

test('the README tells of every direct dependency why it is there', () => {
  const [, section = ''] = read('README.md').split('\n## What it depends on\n');
  const [table = ''] = section.split('\n## ');
  const listed = [...table.matchAll(/^\| `([^`]+)` +\| .{10,} \|$/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(manifest.dependencies).toSorted());
});

/**
 * onnxruntime-node's install script fetches CUDA libraries from outside the registry. npm 10 to 12 run the script of a
 * locked package only where the lock file says that it has one: delete those lines when npm writes them anew.
 */
test('no install script runs in a checkout', () => {
  const marked = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(marked.map(([folder]) => folder)).toEqual([]);
});

test('logiq has no install script itself', () => {
  expect(Object.keys(manifest.scripts).filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
});

test('NOTICE names everything that users get', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, '.packaging/notices.js'), '--check'], {
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
});

test.each(['cyclonedx', 'spdx'])('npm sbom names every direct dependency, as %s', { timeout: 120_000 }, (format) => {
  const { status, stdout, stderr } = spawnSync('npm', ['sbom', '--sbom-format', format], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const names = namesInSbom(stdout);
  expect(Object.keys(manifest.dependencies).filter((name) => !names.includes(name))).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'the program is executable: npx starts it in a checkout without installing it',
  () => {
    expect(() => accessSync(join(root, 'bin/logiq.js'), constants.X_OK)).not.toThrow();
  },
);
