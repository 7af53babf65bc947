import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveSettings } from '../../src/settings/resolve.ts';

async function world(files: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}) {
  const home = await mkdtemp(join(tmpdir(), 'logiq-settings-'));
  const cwd = join(home, 'project', 'deep');
  await mkdir(cwd, { recursive: true });
  await mkdir(join(home, '.config', 'logiq'), { recursive: true });
  for (const [path, content] of Object.entries(files)) await writeFile(join(home, path), content);
  return { cwd, home, env: { HOME: home, ...env } };
}

test('flags before environment before project file before user file before defaults', async () => {
  const files = {
    'project/.logiq.yaml': 'threshold: 0.3\nllm-concurrency: 3\n',
    '.config/logiq/config.yaml': 'threshold: 0.2\nquiet: true\n',
  };
  const io = await world(files, { CONFIDENCE_THRESHOLD: '0.4', LOGIQ_MODEL: 'mine' });
  const { settings, origins } = await resolveSettings({ model: 'theirs' }, io);
  expect(settings).toMatchObject({ model: 'theirs', threshold: 0.4, llmConcurrency: 3, quiet: true, offline: false });
  expect(origins).toMatchObject({ model: '--model', threshold: 'CONFIDENCE_THRESHOLD', offline: 'default' });
  expect(origins.llmConcurrency).toContain('.logiq.yaml');
});

test('a name of ours wins over an honoured alias, an empty variable counts as unset', async () => {
  const io = await world({}, { CONFIDENCE_THRESHOLD: '0.4', LOGIQ_THRESHOLD: '0.6', LOGIQ_COLUMN: '' });
  expect((await resolveSettings({}, io)).settings).toMatchObject({ threshold: 0.6, column: undefined });
});

test.each([
  [
    {},
    { CONFIDENCE_THRESHOLD: '1.5' },
    'CONFIDENCE_THRESHOLD is "1.5".',
    'It takes a number from 0 to 1, such as 0.7.',
  ],
  [{}, { LOGIQ_TRESHOLD: '0.5' }, 'There is no setting LOGIQ_TRESHOLD.', 'Did you mean "LOGIQ_THRESHOLD"?'],
  [{ 'project/.logiq.yaml': 'treshold: 1' }, {}, 'has an unknown key "treshold"', 'Did you mean "threshold"?'],
  [{ 'project/.logiq.yaml': '- 1' }, {}, 'is not a mapping', 'threshold: 0.7'],
  [{ 'project/.logiq.yaml': 'rules: [a]' }, {}, '"rules" in', 'key: value'],
])('a wrong setting says what and where: %o %o', async (files, env, message, hint) => {
  const io = await world(files, env);
  const refused = resolveSettings({}, io);
  await expect(refused).rejects.toMatchObject({ code: 'E_SETTING', exitCode: 2 });
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining(hint) });
});
