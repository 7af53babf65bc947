import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../embedders/sha256.ts';
import { BUNDLED } from '../models/locate.ts';
import { readPattern } from './compile.ts';
import { loadRules } from './load.ts';
import type { Rule } from './rule.ts';

export const RULES_FILE = 'rules.yaml';

interface CompiledRules {
  /** sha256 of the file that they are from. */
  readonly source: string;
  readonly rules: readonly Rule[];
}

/**
 * Rules of a model folder. Those of a bundled model were checked and compiled by the build, which makes a start a fifth
 * of a second shorter; where the file has been edited since, it is read itself. The hash tells: an installed file is as
 * old as its unpacking.
 *
 * @param dir Absolute path of the folder.
 * @throws {LogiqError} E_RULES as `loadRules`.
 */
export async function loadModelRules(dir: string): Promise<readonly Rule[]> {
  const source = join(dir, RULES_FILE);
  const isBundled = join(dirname(dir), '/') === BUNDLED;
  return (isBundled ? await readCompiled(source, compiledPath(dir)) : undefined) ?? loadRules(source);
}

/** Undefined where there are none, or none of the file as it is. */
async function readCompiled(source: string, compiled: string): Promise<readonly Rule[] | undefined> {
  const [text, json] = await Promise.all([source, compiled].map((file) => readFile(file).catch(() => undefined)));
  if (text === undefined || json === undefined) return undefined;
  const made = JSON.parse(json.toString('utf8')) as CompiledRules;
  return made.source === (await sha256(text)) ? made.rules : undefined;
}

/** Where the build puts the compiled rules of a bundled model; right from `src/` and from `dist/`. */
export function compiledPath(dir: string): string {
  return fileURLToPath(new URL(`../../dist/rules/${basename(dir)}.json`, import.meta.url));
}

/**
 * What the build writes: the rules with their literals found, without the examples, which have been checked.
 *
 * @param file Absolute path of a rules file.
 * @throws {LogiqError} E_RULES as `loadRules`.
 */
export async function compileRules(file: string): Promise<string> {
  const rules = (await loadRules(file)).map((rule) => ({
    ...rule,
    match: [],
    reject: [],
    literals: readPattern(rule.pattern, rule.flags).literals ?? null,
  }));
  return JSON.stringify({ source: await sha256(await readFile(file)), rules } satisfies CompiledRules);
}
