import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  answerFilePath,
  answerFileStats,
  clearAnswers,
  exportAnswers,
  mergeAnswers,
  openAnswerFile,
} from '../../src/llm/answer-file.ts';
import { openAppendFile } from '../../src/llm/append-file.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logiq-answers-'));
  path = join(folder, 'cache', 'answers.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const answer = (key: string, label: string | null = 'storage') => ({ key, text: `text ${key}`, label });
const open = (maxAnswers = 100) => {
  const file = openAnswerFile({ path, model: 'm', maxAnswers, now: () => Date.parse('2026-06-01') });
  file.refresh();
  return file;
};
const lineCount = (): number => readFileSync(path, 'utf8').split('\n').length - 1;

test('what one run has learned, the next one knows', () => {
  open().put([answer('a'), answer('b', null)]);
  const next = open();
  expect(next.get('a')).toMatchObject({ label: 'storage', text: 'text a' });
  expect(next.get('b')).toMatchObject({ label: null });
  expect(next.get('c')).toBeUndefined();
});

test('the file is for its owner alone', () => {
  open().put([answer('a')]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'cache')).mode & 0o777).toBe(0o700);
});

test('two that are open at once learn from each other', () => {
  const [one, other] = [open(), open()];
  one.put([answer('a')]);
  other.refresh();
  expect(other.get('a')).toMatchObject({ label: 'storage' });
});

test('damaged, foreign and half-written lines are skipped', () => {
  open().put([answer('a')]);
  appendFileSync(
    path,
    'garbage\n{"key":1}\nnull\n{"key":"x","model":"m","at":"2026","label":7,"text":"t"}\n{"key":"b","mod',
  );
  const next = open();
  expect(next.get('a')).toBeDefined();
  expect(next.get('x')).toBeUndefined();
  expect(next.problem()).toBeUndefined();
});

test('the oldest answers go when there are too many, from memory and from the file', () => {
  const cache = open(10);
  for (let index = 0; index < 25; index++) cache.put([answer(`k${index}`)]);
  cache.refresh();
  expect(cache.get('k14')).toBeUndefined();
  expect(cache.get('k15')).toBeDefined();
  expect(lineCount()).toBe(10);
  cache.put([answer('k25')]);
  cache.refresh();
  expect(lineCount()).toBe(11);
  expect(open(10).get('k25')).toBeDefined();
});

test('lines that are appended while the file is rewritten are kept', () => {
  const [one, other] = [openAppendFile(path), openAppendFile(path)];
  one.append('a\n');
  one.rewrite((content) => {
    other.append('late\n'); // into the file that is about to be replaced
    return content.toUpperCase();
  });
  expect(readFileSync(path, 'utf8')).toBe('A\nlate\n');
});

test('one rewrite at a time, and a lock that was left behind does not last', () => {
  const file = openAppendFile(path);
  file.append('a\n');
  writeFileSync(`${path}.lock`, '');
  file.rewrite(() => 'b\n');
  expect(readFileSync(path, 'utf8')).toBe('a\n');
  rmSync(`${path}.lock`);
  file.rewrite(() => 'b\n');
  expect(readFileSync(path, 'utf8')).toBe('b\n');
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test('processes that append and rewrite at the same time lose nothing', async () => {
  const module = new URL('../../dist/llm/append-file.js', import.meta.url).href;
  const script = (name: string): string => `
    const { openAppendFile } = await import(${JSON.stringify(module)});
    const file = openAppendFile(${JSON.stringify(path)});
    for (let index = 0; index < 300; index++) {
      file.append('${name}' + index + '\\n');
      if (index % 20 === 0) file.rewrite((content) => [...new Set(content.split('\\n'))].join('\\n'));
    }`;
  const run = promisify(execFile);
  await Promise.all(['a', 'b', 'c'].map((name) => run(process.execPath, ['--input-type=module', '-e', script(name)])));
  const kept = new Set(readFileSync(path, 'utf8').split('\n'));
  for (const name of ['a', 'b', 'c']) {
    for (let index = 0; index < 300; index++) expect(kept, `${name}${index}`).toContain(`${name}${index}`);
  }
});

test('where nothing can be written it remembers within the run and says why', () => {
  writeFileSync(join(folder, 'cache'), 'a file where the folder should be');
  const cache = open();
  cache.put([answer('a')]);
  expect(cache.get('a')).toBeDefined();
  expect(cache.problem()).toContain(`LLM answers are not remembered in ${path}`);
});

test('statistics, export, merge and clear', () => {
  open().put([answer('a'), answer('b'), answer('a', 'network')]);
  expect(answerFileStats(path)).toEqual({
    answers: 2,
    bytes: statSync(path).size,
    models: { m: 2 },
    oldest: '2026-06-01T00:00:00.000Z',
    newest: '2026-06-01T00:00:00.000Z',
  });

  const other = join(folder, 'other.jsonl');
  expect(mergeAnswers(other, exportAnswers(path))).toBe(2);
  expect(mergeAnswers(other, `${exportAnswers(path)}garbage\n`)).toBe(0);
  const merged = openAnswerFile({ path: other, model: 'm' });
  merged.refresh();
  expect(merged.get('a')).toMatchObject({ label: 'network' });

  clearAnswers(path);
  expect(answerFileStats(path)).toEqual({ answers: 0, bytes: 0, models: {} });
});

test('the file lies in the cache folder of the XDG specification', () => {
  expect(answerFilePath({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/logiq/llm-answers.jsonl');
  expect(answerFilePath({ XDG_CACHE_HOME: 'relative', HOME: '/h' })).toBe('/h/.cache/logiq/llm-answers.jsonl');
  expect(answerFilePath({ HOME: '/h' })).toBe('/h/.cache/logiq/llm-answers.jsonl');
});
