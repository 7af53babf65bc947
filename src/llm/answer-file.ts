import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createAnswerCache, MAX_ANSWERS, type AnswerCache } from './answer-cache.ts';
import { formatAnswerLines, parseAnswerLines, type AnswerLine } from './answer-lines.ts';
import { openAppendFile } from './append-file.ts';

/** Lines of the file, as a multiple of the answers that are kept, at which it is rewritten. */
const SLACK = 2;

/** Where answers are remembered: `$XDG_CACHE_HOME/logiq/llm-answers.jsonl`, else under `~/.cache`. */
export function answerFilePath(env: Readonly<Record<string, string | undefined>>): string {
  const configured = env['XDG_CACHE_HOME'];
  // the XDG specification has relative paths ignored
  const root = configured?.startsWith('/') === true ? configured : join(env['HOME'] ?? homedir(), '.cache');
  return join(root, 'logiq', 'llm-answers.jsonl');
}

export interface AnswerFileOptions {
  readonly path: string;
  /** Noted beside each answer; answers of other models do not meet it, since keys differ. */
  readonly model: string;
  readonly maxAnswers?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface AnswerFile extends AnswerCache {
  /** Why answers are remembered for this run only, for people; absent while the file can be used. */
  problem(): string | undefined;
}

/**
 * Answers on disk, so that a second run over the same logs asks nothing. Processes share the file while they run. It is
 * read on the first `refresh`, since most runs need no answer.
 *
 * A file that cannot be read or written costs money, not rows: it then remembers within the run, and `problem` says why.
 */
export function openAnswerFile({
  path,
  model,
  maxAnswers = MAX_ANSWERS,
  now = Date.now,
}: AnswerFileOptions): AnswerFile {
  const file = openAppendFile(path);
  const memory = createAnswerCache(maxAnswers);
  let lines = 0;
  let problem: string | undefined;

  function guard(use: () => void): void {
    if (problem !== undefined) return;
    try {
      use();
    } catch (error) {
      problem = `LLM answers are not remembered in ${path}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  function refresh(): void {
    guard(() => {
      const added = file.readNew();
      const answers = parseAnswerLines(added.lines);
      lines = answers.length + (added.whole ? 0 : lines);
      memory.put(answers);
      if (lines <= maxAnswers * SLACK) return;
      file.rewrite((content) => formatAnswerLines(newest(parseAnswerLines(content), maxAnswers)));
      lines = 0; // counted again when it is read again, whole
    });
  }

  return {
    get: (key) => memory.get(key),
    put(answers) {
      memory.put(answers);
      if (answers.length === 0) return;
      const at = new Date(now()).toISOString();
      guard(() => file.append(formatAnswerLines(answers.map((answer) => ({ ...answer, model, at })))));
    },
    refresh,
    problem: () => problem,
  };
}

export interface AnswerFileStats {
  readonly answers: number;
  readonly bytes: number;
  /** Answers by model. */
  readonly models: Readonly<Record<string, number>>;
  /** ISO 8601; absent when there are none. */
  readonly oldest?: string;
  readonly newest?: string;
}

export function answerFileStats(path: string): AnswerFileStats {
  const file = openAppendFile(path);
  const answers = newest(parseAnswerLines(file.readNew().lines), Infinity);
  const models: Record<string, number> = {};
  for (const { model } of answers) models[model] = (models[model] ?? 0) + 1;
  const dates = answers.map(({ at }) => at).toSorted();
  const [oldest, last] = [dates[0], dates.at(-1)];
  return {
    answers: answers.length,
    bytes: file.bytes(),
    models,
    ...(oldest !== undefined && { oldest }),
    ...(last !== undefined && { newest: last }),
  };
}

/** Every answer once, oldest first, in the form that `mergeAnswers` reads. */
export function exportAnswers(path: string): string {
  return formatAnswerLines(newest(parseAnswerLines(openAppendFile(path).readNew().lines), Infinity));
}

/**
 * Adds the answers of an export; those that are there already stay as they are.
 *
 * @returns How many were new.
 */
export function mergeAnswers(path: string, exported: string): number {
  const file = openAppendFile(path);
  const known = new Set(parseAnswerLines(file.readNew().lines).map(({ key }) => key));
  const added = newest(parseAnswerLines(exported), Infinity).filter(({ key }) => !known.has(key));
  if (added.length > 0) file.append(formatAnswerLines(added));
  return added.length;
}

/** Forgets every answer. */
export function clearAnswers(path: string): void {
  rmSync(path, { force: true });
}

/** The last answer of each key; of more than `max` keys the last ones. */
function newest(lines: readonly AnswerLine[], max: number): AnswerLine[] {
  const byKey = new Map<string, AnswerLine>();
  for (const line of lines) {
    byKey.delete(line.key);
    byKey.set(line.key, line);
  }
  return max >= byKey.size ? [...byKey.values()] : [...byKey.values()].slice(-max);
}
