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

test('without a near file the folder is listed, without what is hidden in it', async () => {
  const there = mkdtempSync(join(tmpdir(), 'logiq-listed-'));
  for (const name of ['.git', 'b.log']) writeFileSync(join(there, name), '');
  const { stderr } = await runCli(['payments.log', '--embedder', 'none'], { cwd: there });
  expect(stderr).toContain('hint: There is b.log.\n');
});

test('help on a command that is not there says so', async () => {
  expect(await runCli(['help', 'clasify'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: There is no command "clasify".\n  hint: Did you mean "classify"?\n',
  });
  expect((await runCli(['help', 'payments'])).stderr).toContain('There is classify, train,');
  expect((await runCli(['help', 'classify'])).stdout).toContain('Usage: logiq classify');
});

test.each([
  [
    ['in.csv', '--formt', 'x'],
    "unknown option '--formt'\n  hint: Did you mean --format?\n  hint: Its options: logiq classify --help",
  ],
  [['train'], "required option '-o, --output <dir>' not specified\n  hint: Its options: logiq train --help"],
  [['models', 'lst'], "unknown command 'lst'\n  hint: Did you mean list?\n  hint: Its options: logiq models --help"],
  [['cache', 'merge'], "missing required argument 'file'\n  hint: Its options: logiq cache merge --help"],
])('%j is a usage error, exit 2', async (argv, message) => {
  expect(await runCli(argv)).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
});

test('a line break in an option begins no line of its own', async () => {
  const { stderr } = await runCli(['--x\n::error::pwned']);
  expect(stderr).not.toMatch(/^::error/m);
});
