import { expect, test } from 'vitest';
import { startPage } from '../../src/commands/start-page.ts';
import { createPaint } from '../../src/report/paint.ts';
import { runCli } from '../helpers/run-cli.ts';

test('logiq alone on a terminal shows one page of 80 columns on stderr, exit 2', async () => {
  const { code, stdout, stderr } = await runCli([], { tty: true });
  const lines = stderr.trimEnd().split('\n');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(lines.length).toBeLessThanOrEqual(23);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('every option that the page names is there', async () => {
  const page = startPage(createPaint({ env: { NO_COLOR: '1' }, stderr: process.stderr }));
  const { stdout } = await runCli(['classify', '--help']);
  for (const [option] of page.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(option);
});
