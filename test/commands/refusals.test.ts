import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

const LINE = 'kernel: Out of memory: Killed process 71 (java)\n';

async function folder(): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'logiq-refusals-'));
  await mkdir(join(cwd, 'dir'));
  for (const name of ['in.log', 'other.log', 'dir/a.log']) await writeFile(join(cwd, name), LINE);
  await writeFile(join(cwd, 'no.yaml'), `- {[${'x'.repeat(5000)}`);
  return cwd;
}

test.each([
  [[''], 2, 'The name of an input is empty.'],
  [['in.log', '-o', ''], 2, '-o is empty.'],
  [['in.log', '--out-dir', ''], 2, '--out-dir is empty.'],
  [['in.log', '--stats', ''], 2, '--stats is empty.'],
  [['-f', 'in.log', '--dry-run'], 2, '--dry-run would never have its sums'],
  [['in.log', '--fail-on', 'crahs'], 2, 'Did you mean "crash"?'],
  [['in.log', '--fail-on', 'zzzzzz>=3'], 2, 'no label of the model or the rules'],
  [['in.log', '--stats', 'in.log'], 2, 'The statistics are the same file as the input'],
  [['other.log', 'in.log', '--stats', './in.log'], 2, 'The statistics are the same file as the input'],
  [['in.log', '-o', 'x.csv', '--stats', './x.csv'], 2, 'The statistics and the rest of the output would both go to'],
  [['in.log', '--stats', '-'], 2, 'would both go to standard output'],
  [['in.log', '--dry-run', '--stats', '-'], 2, 'would both go to standard output'],
  [['in.log', '--stats', 'dir'], 74, 'it is a folder'],
  [['in.log', '--stats', 'none/stats.json'], 74, 'its folder does not exist'],
  [['in.log', '--out-dir', 'other.log'], 74, 'there is a file of that name'],
])('%j: exit %i, %s, and nothing is written', async (argv, code, told) => {
  const cwd = await folder();
  const { stderr, ...end } = await runCli([...argv, '--embedder', 'none', '--quiet'], { cwd });
  expect(end).toEqual({ code, stdout: '' });
  expect(stderr).toContain(told);
  expect(await readFile(join(cwd, 'in.log'), 'utf8')).toBe(LINE);
});

test.each(['resource', 'Unclassified', 'mine'])('--fail-on %s is a label that can occur', async (label) => {
  const cwd = await folder();
  const rule = `- {id: mine, label: mine, pattern: 'zzz', match: ['zzz'], reject: ['y']}\n`;
  await writeFile(join(cwd, 'rules.yaml'), rule);
  const argv = ['in.log', '--embedder', 'none', '--quiet', '--rules', 'rules.yaml', '--fail-on', label];
  expect((await runCli(argv, { cwd })).code).toBe(label === 'resource' ? 1 : 0);
});

test('a rules file that is no YAML is told in a few words', async () => {
  const cwd = await folder();
  const { code, stderr } = await runCli(['in.log', '--embedder', 'none', '--rules', 'no.yaml'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('not valid YAML');
  expect(stderr.length).toBeLessThan(500);
});
