import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'logiq-mistyped-'));
writeFileSync(join(cwd, 'app.log'), 'disk full\n');

test.each([
  ['clasify', 'classify'],
  ['Classify', 'classify'],
  ['trian', 'train'],
  ['eavl', 'eval'],
  ['doctr', 'doctor'],
  ['hlep', 'help'],
])('%s is told to be no command, and which one it may be: %s', async (word, meant) => {
  expect(await runCli([word, 'app.log'], { cwd })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: There is no command and no file "${word}".\n  hint: Did you mean "logiq ${meant}"?\n`,
  });
});

test('a file with such a name is labelled', { timeout: 120_000 }, async () => {
  writeFileSync(join(cwd, 'clasify'), 'disk full\n');
  const { code, stdout } = await runCli(['clasify', '--quiet', '--embedder', 'none'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('\n1,disk full,');
});

test('what looks like a file and is near no command is a missing file', { timeout: 120_000 }, async () => {
  for (const word of ['train.log', './clasify', 'payments']) {
    const { code, stderr } = await runCli([word, '--embedder', 'none'], { cwd: tmpdir() });
    expect(code).toBe(2);
    expect(stderr).toContain(`There is no file "${word}".`);
  }
});
