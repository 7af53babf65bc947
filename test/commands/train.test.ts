import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { openMetadata } from '../../src/models/metadata.ts';
import { saveModel } from '../../src/models/save.ts';
import { labels, startFakeGroq } from '../helpers/fake-groq.ts';
import { runCli } from '../helpers/run-cli.ts';
import { THINGS, TWO_LABELS } from '../helpers/two-labels.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logiq-train-'));
  await writeFile(join(dir, 'train.csv'), TWO_LABELS);
  await writeFile(join(dir, 'empty.csv'), '');
  await writeFile(join(dir, 'labels.csv'), 'label,meaning\nstorage,Disks and file systems.\n');
});
afterAll(() => rm(dir, { recursive: true }));

const cli = (...argv: string[]): ReturnType<typeof runCli> => runCli(argv, { cwd: dir, env: { XDG_CACHE_HOME: dir } });

test('train writes a model that classify and eval use; the same rows give the same bytes', async () => {
  const lexical = ['--features', 'ngrams', '--labels', 'labels.csv'];
  const trained = await cli('train', 'train.csv', '-o', 'mine', ...lexical);
  expect(trained.code, trained.stderr).toBe(0);
  expect(trained.stdout).toBe('');
  expect(trained.stderr).toContain('held out by group: accuracy 1.000');
  await cli('train', 'train.csv', '-o', 'again/mine', ...lexical);
  for (const file of ['ngrams.bin', 'head.bin', 'metadata.json']) {
    expect((await readFile(join(dir, 'mine', file))).equals(await readFile(join(dir, 'again/mine', file)))).toBe(true);
  }
  const meanings = JSON.parse(await readFile(join(dir, 'mine/labels.json'), 'utf8')) as unknown;
  expect(meanings).toEqual([
    { label: 'auth', meaning: '' },
    { label: 'storage', meaning: 'Disks and file systems.' },
  ]);

  await writeFile(join(dir, 'new.csv'), 'message\ndisk of rho is full\n');
  const labelled = await cli('new.csv', '--model', 'mine', '--offline', '-q');
  expect(labelled.stdout).toMatch(
    /^message,label,confidence,method\ndisk of rho is full,storage,(?:0\.\d+|1),lexical_classifier\n$/,
  );

  const scored = await cli('eval', 'train.csv', '--model', 'mine', '--json', '--html', 'page.html', '-q');
  expect(JSON.parse(scored.stdout)).toMatchObject({ rows: 20, accuracy: { value: 1 }, model: { name: 'mine' } });
  expect(await readFile(join(dir, 'page.html'), 'utf8')).toContain('<!doctype html>');
});

test('learn changes nothing without --yes, and the LLM is needed less afterwards', async () => {
  await cli('train', 'train.csv', '-o', 'old', '--features', 'ngrams', '-q', '--threshold', '0.9');
  const strange = THINGS.map((thing) => `quota exceeded near ${thing}`);
  await writeFile(join(dir, 'strange.csv'), ['message', ...strange].join('\n'));
  const before = await cli('strange.csv', '--model', 'old', '--offline', '-q');
  const unsure = before.stdout.match(/,fallback$/gm)?.length ?? 0;
  expect(unsure).toBeGreaterThan(4);

  const answers = ['message,label,confidence,method', ...strange.map((message) => `${message},storage,0.85,llm`)];
  await writeFile(join(dir, 'answered.csv'), answers.join('\n'));
  const shown = await cli('learn', 'answered.csv', '--model', 'old', '-o', 'new', '-q');
  expect(shown.code, shown.stderr).toBe(0);
  expect(shown.stdout).toContain('10 templates with an answer or a correction (0 corrections), 10 of them new');
  expect(shown.stdout).toContain('nothing was written');
  await expect(readFile(join(dir, 'new/metadata.json'))).rejects.toThrow('ENOENT');

  await cli('learn', 'answered.csv', '--model', 'old', '-o', 'new', '-q', '--yes');
  const after = await cli('strange.csv', '--model', 'new', '--offline', '-q');
  expect(after.stdout.match(/,fallback$/gm)?.length ?? 0).toBeLessThan(unsure / 2);
});

test('answers that the LLM stage remembered are learned, without a file too', async () => {
  await cli('train', 'train.csv', '-o', 'old', '--features', 'ngrams', '-q', '--threshold', '0.9');
  const strange = THINGS.map((thing) => `quota exceeded near ${thing}`);
  await writeFile(join(dir, 'strange.csv'), ['message', ...strange].join('\n'));
  const server = await startFakeGroq(labels(() => 'storage'));
  const cwd = { cwd: dir, env: { XDG_CACHE_HOME: dir, LOGIQ_LLM_API_KEY: 'test-key' } };
  const llm = ['strange.csv', '--model', 'old', '-q', '--llm-base-url', server.url];
  const asked = await runCli(llm, cwd);
  await server.close();
  const answered = asked.stdout.match(/,llm$/gm)?.length ?? 0;
  expect(answered).toBeGreaterThan(4);

  const learned = await cli('learn', '--answers', '--model', 'old', '-o', 'learned', '-q', '--yes', '--json');
  expect(learned.code, learned.stderr).toBe(0);
  expect(JSON.parse(learned.stdout)).toMatchObject({ lessons: answered, corrections: 0, learned: answered });
  expect(await readFile(join(dir, 'learned/training.csv'), 'utf8')).toContain('quota exceeded near');
  const after = await cli('strange.csv', '--model', 'learned', '--offline', '-q');
  expect(after.stdout.match(/,fallback$/gm)?.length ?? 0).toBeLessThan(answered / 2);
});

test('learn reads packed training text, as bundled models have it, and says so when there is none', async () => {
  await cli('train', 'train.csv', '-o', 'plain', '--features', 'ngrams', '-q');
  const plain = join(dir, 'plain/metadata.json');
  const { files, ...metadata } = await openMetadata(await readFile(plain, 'utf8'), plain);
  const { 'training.csv': text, ...others } = Object.fromEntries(
    await Promise.all(
      Object.keys(files).map(async (file) => [file, await readFile(join(dir, 'plain', file))] as const),
    ),
  );
  await saveModel(join(dir, 'packed'), metadata, { ...others, 'training.csv.gz': gzipSync(text!) });
  await saveModel(join(dir, 'bare'), metadata, others);
  await writeFile(
    join(dir, 'corrected.csv'),
    'message,label,method,corrected_label\nquota exceeded near pi,auth,fallback,storage\n',
  );

  const learned = await cli('learn', 'corrected.csv', '--model', './packed', '--json', '-q');
  expect(learned.code, learned.stderr).toBe(0);
  expect(JSON.parse(learned.stdout)).toEqual(
    JSON.parse((await cli('learn', 'corrected.csv', '--model', './plain', '--json', '-q')).stdout),
  );
  const refused = await cli('learn', 'corrected.csv', '--model', './bare', '-q');
  expect(refused.code).toBe(EXIT.usage);
  expect(refused.stderr).toContain('The model has no training.csv.');
});

test.each(['none', 'ngrams'])('the embedder "%s" is n-grams alone', async (embedder) => {
  const options = ['-o', embedder, '-q', '--embedder', embedder];
  expect((await cli('train', 'train.csv', ...options)).code).toBe(0);
  const metadata: unknown = JSON.parse(await readFile(join(dir, embedder, 'metadata.json'), 'utf8'));
  expect(metadata).toMatchObject({ embedder: null, features: [{ kind: 'ngrams' }] });
});

test('a place that takes no folder is refused before the fit', async () => {
  const result = await cli('train', 'train.csv', '-o', 'train.csv', '--features', 'ngrams');
  expect(result.code).toBe(EXIT.ioError);
  expect(result.stderr).toContain('Cannot write to');
  expect(result.stderr).not.toContain('warning');
});

test.each([
  [['train', 'train.csv', '-o', 'x', '--features', 'ngram'], 'There are no features "ngram"'],
  [['train', 'train.csv', '-o', 'x', '--target-precision', '0.9', '--threshold', '0.5'], 'More than one of'],
  [['train', 'train.csv', '-o', 'x', '--c', '0'], '--c is "0"'],
  [['train', 'train.csv', '-o', '.'], 'holds something that is no model'],
  [['train', 'train.csv', '-o', 'x', '--label', 'lable'], 'no column "lable"'],
  [['train', 'train.csv', '-o', 'x', '--embedder', 'someone/model'], 'on this machine'],
  [['train', 'train.csv', '-o', 'x', '--embedder', 'none', '--features', 'embedding,ngrams'], 'is none at all'],
  [['train', 'empty.csv', '-o', 'x'], 'empty.csv is no table with a header'],
  [['learn', 'train.csv'], 'no column "method"'],
  [['learn'], 'nothing to learn from'],
])('%j is refused', async (argv, message) => {
  const result = await cli(...argv);
  expect(result.code).toBe(2);
  expect(result.stderr).toContain(message);
});
