import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadRules } from '../../src/rules/load.ts';
import { createMatcher } from '../../src/rules/matcher.ts';
import { compiledPath, compileRules, loadModelRules } from '../../src/rules/model-rules.ts';

const dir = fileURLToPath(new URL('../../models/logiq-base', import.meta.url));

test('the build has compiled the bundled rules as they are now', async () => {
  expect(readFileSync(compiledPath(dir), 'utf8')).toBe(compileRules(await loadRules(join(dir, 'rules.yaml'))));
});

test('compiled rules match what the file says they match', async () => {
  const examples = (await loadRules(join(dir, 'rules.yaml'))).flatMap(({ match, reject }) => [...match, ...reject]);
  const fromFile = createMatcher(await loadRules(join(dir, 'rules.yaml')));
  const compiled = createMatcher(await loadModelRules(dir));
  expect(examples.map((line) => compiled(line)?.id)).toEqual(examples.map((line) => fromFile(line)?.id));
});

test('a model of the same name that is not the bundled one is read from its own file', async () => {
  const own = join(mkdtempSync(join(tmpdir(), 'logiq-rules-')), 'logiq-base');
  cpSync(dir, own, { recursive: true });
  expect((await loadModelRules(own))[0]?.match.length).toBeGreaterThan(0);
});
