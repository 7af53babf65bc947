import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLED } from '../models/locate.ts';
import { readPattern } from './compile.ts';
import { loadRules } from './load.ts';
import type { Rule } from './rule.ts';

export const RULES_FILE = 'rules.yaml';

/**
 * Rules of a model folder. Those of a bundled model were checked and compiled by the build, which makes a start a fifth
 * of a second shorter; where the file has been edited since, it is read itself.
 *
 * @param dir Absolute path of the folder.
 * @throws {LogiqError} E_RULES as `loadRules`.
 */
export async function loadModelRules(dir: string): Promise<readonly Rule[]> {
  const source = join(dir, RULES_FILE);
  const compiled = compiledPath(dir);
  const [sourceTime, compiledTime] = await Promise.all([modifiedAt(source), modifiedAt(compiled)]);
  const isBundled = join(dirname(dir), '/') === BUNDLED;
  if (!isBundled || compiledTime === undefined || (sourceTime ?? 0) > compiledTime) return loadRules(source);
  return JSON.parse(await readFile(compiled, 'utf8')) as readonly Rule[];
}

/** Where the build puts the compiled rules of a bundled model; right from `src/` and from `dist/`. */
export function compiledPath(dir: string): string {
  return fileURLToPath(new URL(`../../dist/rules/${basename(dir)}.json`, import.meta.url));
}

/** What the build writes: the rules with their literals found, without the examples, which have been checked. */
export function compileRules(rules: readonly Rule[]): string {
  const compiled = rules.map((rule) => ({
    ...rule,
    match: [],
    reject: [],
    literals: readPattern(rule.pattern, rule.flags).literals ?? null,
  }));
  return JSON.stringify(compiled satisfies readonly Rule[]);
}

/** Milliseconds since 1970; undefined when there is no such file. */
async function modifiedAt(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
