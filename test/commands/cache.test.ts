import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerFilePath, openAnswerFile } from '../../src/llm/answer-file.ts';
import { runCli } from '../helpers/run-cli.ts';

function home(...texts: readonly string[]): Record<string, string> {
  const env = { HOME: mkdtempSync(join(tmpdir(), 'logiq-cache-')) };
  const file = openAnswerFile({ path: answerFilePath(env), model: 'a-model' });
  file.put(texts.map((text) => ({ key: `key of ${text}`, text, label: 'routine' })));
  return env;
}

test('answers travel from one home to another', async () => {
  const exported = await runCli(['cache', 'export'], { env: home('one', 'two') });
  const to = home('two', 'three');
  const file = join(to['HOME'] ?? '', 'export.jsonl');
  writeFileSync(file, exported.stdout);
  const merged = await runCli(['cache', 'merge', file], { env: to });
  expect(merged).toMatchObject({ code: 0, stdout: '' });
  expect(merged.stderr).toContain('1 answer added');
  expect(JSON.parse((await runCli(['cache', 'stats'], { env: to })).stdout)).toMatchObject({ answers: 3 });
});

test('clear forgets them', async () => {
  const env = home('one');
  await runCli(['cache', 'clear'], { env });
  expect((await runCli(['cache', 'export'], { env })).stdout).toBe('');
});

test('an export that is not there is told, exit 2', async () => {
  const { code, stderr } = await runCli(['cache', 'merge', 'nowhere.jsonl'], { env: home() });
  expect(code).toBe(2);
  expect(stderr).toContain('logiq cache export');
});
