import { appendFileSync, cpSync, mkdtempSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { loadRules } from '../../src/rules/load.ts';
import { createMatcher } from '../../src/rules/matcher.ts';
import { compiledPath, compileRules, loadModelRules } from '../../src/rules/model-rules.ts';

const dir = fileURLToPath(new URL('../../models/logiq-base', import.meta.url));

test('the build has compiled the bundled rules as they are now', async () => {
  expect(readFileSync(compiledPath(dir), 'utf8')).toBe(await compileRules(join(dir, 'rules.yaml')));
});

/** An installed package's files are as old as its unpacking, in whatever order that was. */
test('compiled rules are used however old they are, and not for a file that has changed', async () => {
  const checkout = mkdtempSync(join(tmpdir(), 'logiq-checkout-'));
  for (const part of ['dist', 'models/logiq-base', 'package.json']) {
    const filter = (path: string): boolean => !path.endsWith('dist/onnxruntime'); // large, and not needed
    cpSync(join(dir, '../..', part), join(checkout, part), { recursive: true, filter });
  }
  symlinkSync(join(dir, '../../node_modules'), join(checkout, 'node_modules'));
  const rules = join(checkout, 'models/logiq-base/rules.yaml');
  const examplesOfFirst = async (): Promise<number | undefined> => {
    const url = pathToFileURL(join(checkout, 'dist/rules/model-rules.js'));
    const own = (await import(url.href)) as { loadModelRules: typeof loadModelRules };
    return (await own.loadModelRules(join(checkout, 'models/logiq-base')))[0]?.match.length;
  };
  utimesSync(rules, new Date(), new Date());
  utimesSync(join(checkout, 'dist/rules/logiq-base.json'), 0, 0);
  expect(await examplesOfFirst()).toBe(0);
  appendFileSync(rules, '# edited\n');
  expect(await examplesOfFirst()).toBeGreaterThan(0);
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
