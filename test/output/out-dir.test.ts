import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OutDir } from '../../src/output/out-dir.ts';

async function outDir(): Promise<{ folder: string; paths: OutDir }> {
  const cwd = await mkdtemp(join(tmpdir(), 'logiq-out-dir-'));
  return { folder: join(cwd, 'out'), paths: new OutDir('out', cwd) };
}

test.each([
  ['app/today.log', 'app/today.log.csv'],
  ['rows.CSV', 'rows.CSV'],
  ['-', 'stdin.csv'],
  ['../../etc/passwd', 'etc/passwd.csv'],
  ['/var/log/syslog', 'var/log/syslog.csv'],
])('%s is written to %s, and its folder is there', async (name, expected) => {
  const { folder, paths } = await outDir();
  expect(await paths.pathFor(name, name, 'csv')).toBe(join(folder, expected));
  expect((await stat(join(folder, expected, '..'))).isDirectory()).toBe(true);
});

test('two inputs never share an output', async () => {
  const { paths } = await outDir();
  await paths.pathFor('a/x', 'x', 'csv');
  await expect(paths.pathFor('b/x.csv', 'x.csv', 'csv')).rejects.toMatchObject({ code: 'E_USAGE' });
});

test('a folder that cannot be made is told', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'logiq-out-dir-'));
  await writeFile(join(cwd, 'out'), '');
  await expect(new OutDir('out', cwd).pathFor('x', 'x', 'csv')).rejects.toMatchObject({ code: 'E_OUTPUT_WRITE' });
});
