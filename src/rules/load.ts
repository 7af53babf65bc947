import { readFile } from 'node:fs/promises';
import { didYouMean } from '../did-you-mean.ts';
import { LogiqError } from '../errors.ts';
import { readPattern } from './compile.ts';
import { MAX_RULE_CHARS, type Rule } from './rule.ts';

/** Rules a file may hold; each costs memory in the scan's table. */
const MAX_RULES = 10_000;

/** Characters of a parser's message, which may quote all of a file that is no YAML. */
const MAX_SAID = 200;

export interface ParseOptions {
  /** Leaves out compiling the patterns and running the examples: for a file whose hash is known. Default false. */
  readonly trusted?: boolean;
}

const REQUIRED = ['id', 'label', 'pattern', 'match', 'reject'] as const;
const KEYS = [...REQUIRED, 'flags'] as const;

/**
 * Reads a rules file: a YAML list of entries, see `Rule`; `flags` may be left out.
 *
 * @param file Absolute path; named in errors.
 * @throws {LogiqError} E_RULES when it cannot be read or `parseRules` refuses it.
 */
export async function loadRules(file: string, options: ParseOptions = {}): Promise<readonly Rule[]> {
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (cause) {
    throw new LogiqError('E_RULES', `Cannot read the rules file ${file}: ${reasonOf(cause)}.`, undefined, { cause });
  }
  return parseRules(source, file, options);
}

/**
 * Checks every entry and runs its examples, so that what comes back can be given to `createMatcher` as it is.
 *
 * @param source The file's content: YAML, or JSON, which is read fifty times faster. It is data: tags make no objects.
 * @param file Name of the file, for errors.
 * @throws {LogiqError} E_RULES naming file, rule and what is wrong with it.
 */
export async function parseRules(source: string, file: string, options: ParseOptions = {}): Promise<readonly Rule[]> {
  const entries = source.trimStart().startsWith('[') ? parseJson(source, file) : await parseYaml(source, file);
  if (!Array.isArray(entries)) throw refusal(file, 'it must be a list of rules', 'Start each rule with "- id: name".');
  if (entries.length > MAX_RULES) throw refusal(file, `it has ${entries.length} rules, more than ${MAX_RULES}`);

  const seen = new Set<string>();
  return entries.map((entry: unknown, at) => {
    const rule = checkEntry(entry, file, at);
    if (seen.has(rule.id)) throw refusal(file, `two rules have the id "${rule.id}"`, 'Rename one of them.');
    seen.add(rule.id);
    if (options.trusted !== true) checkExamples(rule, compileRule(rule, file), file);
    return rule;
  });
}

function parseJson(source: string, file: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw refusal(file, `not valid JSON: ${reasonOf(cause)}`, undefined, cause);
  }
}

async function parseYaml(source: string, file: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(source, { schema: 'core', logLevel: 'silent' });
  const [problem] = document.errors;
  if (problem !== undefined)
    throw refusal(file, `not valid YAML: ${problem.message.split('\n')[0]!.slice(0, MAX_SAID)}`);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw refusal(file, `not usable YAML: ${reasonOf(cause)}`, undefined, cause);
  }
}

function checkEntry(entry: unknown, file: string, at: number): Rule {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw refusal(file, `entry ${at + 1} is not a rule`, `A rule has the keys ${REQUIRED.join(', ')}.`);
  }
  const fields = new Map<string, unknown>(Object.entries(entry));
  const id = fields.get('id');
  const where = typeof id === 'string' && id !== '' ? `rule "${id}"` : `entry ${at + 1}`;
  for (const key of fields.keys()) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    throw refusal(file, `${where} has an unknown key "${key}"`, didYouMean(key, KEYS));
  }
  const text = (key: string): string => {
    const value = fields.get(key);
    if (typeof value === 'string' && value !== '') return value;
    throw refusal(file, `${where} needs a text as "${key}"`, `A rule has the keys ${REQUIRED.join(', ')}.`);
  };
  const lines = (key: string): readonly string[] => {
    const value = fields.get(key);
    if (Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === 'string')) return value;
    const must = key === 'match' ? 'must' : 'must not';
    throw refusal(file, `${where} needs a list as "${key}": at least one line that it ${must} match`);
  };
  const flags = fields.get('flags') ?? '';
  if (flags !== '' && flags !== 'i') throw refusal(file, `${where} has flags other than "i"`);
  return {
    id: text('id'),
    label: text('label'),
    pattern: text('pattern'),
    flags,
    match: lines('match'),
    reject: lines('reject'),
  };
}

function compileRule(rule: Rule, file: string): (text: string) => boolean {
  try {
    return readPattern(rule.pattern, rule.flags).compile();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw refusal(file, `rule "${rule.id}" has a pattern that cannot be used: ${cause.message}`, undefined, cause);
  }
}

function checkExamples(rule: Rule, test: (text: string) => boolean, file: string): void {
  const matches = (line: string): boolean => test(line.slice(0, MAX_RULE_CHARS));
  const missed = rule.match.find((line) => !matches(line));
  if (missed !== undefined) throw refusal(file, `rule "${rule.id}" does not match its own example: ${missed}`);
  const claimed = rule.reject.find(matches);
  if (claimed !== undefined) throw refusal(file, `rule "${rule.id}" matches what it must reject: ${claimed}`);
}

function refusal(file: string, what: string, hint?: string, cause?: unknown): LogiqError {
  return new LogiqError('E_RULES', `${file}: ${what}.`, hint, { cause });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
