import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Check } from '../../src/doctor/check.ts';
import { runCli } from '../helpers/run-cli.ts';

async function doctorJson(options: Parameters<typeof runCli>[1] = {}) {
  const { code, stdout, stderr } = await runCli(['doctor', '--json'], options);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  return { code, stderr, ok, stdout, get: (name: string) => checks.find((check) => check.name === name) };
}

test('a checkout that is well: exit 0, models verified, the installed runtime in use', async () => {
  const { code, ok, stderr, get } = await doctorJson();
  expect({ code, ok, stderr }).toEqual({ code: 0, ok: true, stderr: '' });
  expect(get('runtime')?.facts).toMatchObject({ kind: 'installed', provider: 'cpu', passedOver: [] });
  expect(get('runtime')?.facts['version']).toMatch(/^1\.27\./);
  expect(get('model')).toMatchObject({ status: 'ok', facts: { name: 'logiq-base' } });
  expect(get('versions')?.facts['node']).toBe(process.versions.node);
});

test('the key is told to be there and never told', async () => {
  const env = { GROQ_API_KEY: 'gsk_aVeryS3cretValue' };
  const { stdout, get } = await doctorJson({ env });
  const text = await runCli(['doctor'], { env });
  expect(get('LLM')?.facts).toMatchObject({ off: null, keyVariable: 'GROQ_API_KEY', keyPresent: true });
  expect(stdout + text.stdout + text.stderr).not.toContain('S3cret');
});

test('settings that are not well and a model that is not there are told with what to do; exit 70', async () => {
  const bad = await doctorJson({ env: { LOGIQ_COLUM: 'x' } });
  expect({ code: bad.code, ok: bad.ok }).toEqual({ code: 70, ok: false });
  expect(bad.get('settings')).toMatchObject({ status: 'problem', hint: 'Did you mean "LOGIQ_COLUMN"?' });

  const missing = await runCli(['doctor'], { env: { LOGIQ_MODEL: 'nope' } });
  expect(missing.code).toBe(70);
  expect(missing.stdout).toContain('There is no model "nope".');
  expect(missing.stdout).toContain('1 to mend.');
});

test('it tells the places of settings, not their values, and leaves no file behind', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'logiq-doctor-'));
  await writeFile(join(cwd, '.logiq.yaml'), 'column: payload\n');
  const { get, stdout } = await doctorJson({ cwd, env: { HOME: cwd } });
  expect(get('settings')?.facts['files']).toEqual([join(cwd, '.logiq.yaml')]);
  expect(stdout).not.toContain('payload');
  expect(get('cache')?.facts['path']).toBe(join(cwd, '.cache/logiq/llm-answers.jsonl'));
  expect(await readdir(cwd)).toEqual(['.logiq.yaml']);
});
