import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { joinAnswers, mergeLessons, readFeedback, toLessons } from '../../src/training/feedback.ts';

async function read(...rows: readonly string[]): ReturnType<typeof readFeedback> {
  const cwd = await mkdtemp(join(tmpdir(), 'logiq-feedback-'));
  await writeFile(join(cwd, 'out.csv'), ['message,label,confidence,method,corrected_label', ...rows].join('\n'));
  const io = { stdin: Object.assign(new PassThrough(), { isTTY: false }), cwd, signal: new AbortController().signal };
  return readFeedback(['out.csv'], undefined, io);
}

test('a correction counts whole, the answer of an LLM half, a guess of ours not at all', async () => {
  const feedback = await read(
    'disk 1 is full,routine,0.9,llm,storage',
    'quota of 7 exceeded,storage,0.85,llm,',
    'all is well,routine,0.9,lexical_classifier,',
    'who knows,auth,1,person,',
  );
  expect(toLessons(feedback)).toEqual([
    { message: 'disk 1 is full', label: 'storage' },
    { message: 'quota of 7 exceeded', label: 'storage', weight: 0.5 },
    { message: 'who knows', label: 'auth' },
  ]);
});

test('what a person corrected replaces training text, what an LLM said does not', async () => {
  const known = [
    { message: 'disk 5 is full', label: 'routine' },
    { message: 'quota of 9 exceeded', label: 'routine' },
  ];
  const feedback = await read('disk 1 is full,routine,0.9,llm,storage', 'quota of 7 exceeded,storage,0.85,llm,');
  expect(mergeLessons(known, feedback)).toEqual([
    { message: 'quota of 9 exceeded', label: 'routine' },
    { message: 'disk 1 is full', label: 'storage' },
  ]);
});

test('remembered answers join what was read, which comes first', async () => {
  const feedback = await read('disk 1 is full,routine,0.9,llm,storage', 'all is well,auth,0.4,fallback,');
  const joined = joinAnswers(feedback, [
    { text: 'disk <num> is full', label: 'routine' },
    { text: 'all is well', label: 'routine' },
    { text: 'quota of <num> exceeded', label: 'storage' },
  ]);
  expect(toLessons(joined)).toEqual([
    { message: 'disk 1 is full', label: 'storage' },
    { message: 'all is well', label: 'routine', weight: 0.5 },
    { message: 'quota of <num> exceeded', label: 'storage', weight: 0.5 },
  ]);
});
