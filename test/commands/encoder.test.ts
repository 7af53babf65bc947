import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli, type CliResult } from '../helpers/run-cli.ts';
import { TWO_LABELS } from '../helpers/two-labels.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // a busy machine

const ROBERTA = fileURLToPath(new URL('../../fixtures/parity/tiny-roberta/', import.meta.url));

let dir: string;
let trained: CliResult;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logiq-encoder-'));
  await cp(ROBERTA, join(dir, 'roberta'), { recursive: true });
  await mkdir(join(dir, 'no-embedder'));
  await writeFile(join(dir, 'train.csv'), TWO_LABELS);
  await writeFile(join(dir, 'in.log'), 'disk of rho is full\n');
  await writeFile(
    join(dir, 'answered.csv'),
    'message,label,confidence,method\nquota of rho is spent,storage,0.9,llm\n',
  );
  trained = await cli('train', 'train.csv', '-o', 'mine', '--features', 'embedding', '--embedder', './roberta');
});
afterAll(() => rm(dir, { recursive: true }));

const cli = (...argv: string[]): Promise<CliResult> => runCli(argv, { cwd: dir, env: { XDG_CACHE_HOME: dir } });

test('train tells what computed the embeddings, or that they were remembered', async () => {
  expect(trained.code, trained.stderr).toBe(0);
  expect(trained.stderr).toContain(`encoder: ${join(dir, 'roberta')} on cpu\n`);
  const again = await cli('train', 'train.csv', '-o', 'again', '--features', 'embedding', '--embedder', './roberta');
  expect(again.stderr).toContain(`encoder: ${join(dir, 'roberta')}, all of it remembered\n`);
});

test('classify tells what ran the encoder, in the summary and in --stats', async () => {
  const { code, stdout, stderr } = await cli('in.log', '--model', 'mine', '--offline', '--stats', 'stats.json');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^1,disk of rho is full,storage,[\d.]+,(?:embedding_classifier|fallback)$/m);
  expect(stderr).toContain(`encoder: ${join(dir, 'roberta')} on cpu\n`);
  const { model } = JSON.parse(await readFile(join(dir, 'stats.json'), 'utf8')) as { model: object };
  expect(model).toMatchObject({ embedder: join(dir, 'roberta'), device: 'cpu' });
});

test('where no row needs the encoder, none is told', async () => {
  await writeFile(join(dir, 'blank.log'), '\n\n');
  const { stderr } = await cli('blank.log', '--model', 'mine', '--offline', '--stats', 'blank.json');
  expect(stderr).not.toContain('encoder:');
  const { model } = JSON.parse(await readFile(join(dir, 'blank.json'), 'utf8')) as { model: object };
  expect(model).toMatchObject({ device: null });
});

test.each(['./roberta', 'roberta'])('--embedder %s is the one that the model was trained on', async (embedder) => {
  expect((await cli('in.log', '--model', 'mine', '--embedder', embedder, '--offline', '-q')).code).toBe(0);
});

test.each(['logs-MiniLM-L3', 'all-MiniLM-L6-v2', 'sentence-transformers/all-MiniLM-L6-v2'])(
  'EMBEDDING_MODEL_NAME=%s is the bundled encoder or the one that it was tuned from',
  async (name) => {
    const env = { XDG_CACHE_HOME: dir, EMBEDDING_MODEL_NAME: name };
    const { code, stderr } = await runCli(['in.log', '--offline'], { cwd: dir, env });
    expect(code, stderr).toBe(0);
  },
);

test('an encoder that is not bundled is named as its publisher names it', async () => {
  const { code, stderr } = await cli('train', 'train.csv', '-o', 'other', '--embedder', 'all-MiniLM-L6-v2');
  expect(code).toBe(2);
  expect(stderr).toContain('There is no embedder "all-MiniLM-L6-v2" on this machine');
  expect(stderr).toContain('logiq models pull sentence-transformers/all-MiniLM-L6-v2');
});

test('a head of another embedder needs a training', async () => {
  const { code, stderr } = await cli('in.log', '--model', 'mine', '--embedder', 'logs-MiniLM-L3', '--offline');
  expect(code).toBe(70);
  expect(stderr).toContain(`was trained on the embedder "${join(dir, 'roberta')}", not on "logs-MiniLM-L3"`);
  expect(stderr).toContain('logiq train FILE --embedder logs-MiniLM-L3');
});

test('a folder without a dot before it is a folder, too, and is remembered by its absolute path', async () => {
  const { stderr } = await cli('train', 'train.csv', '-o', 'bare', '--features', 'embedding', '--embedder', 'roberta');
  expect(stderr).toContain(`encoder: ${join(dir, 'roberta')}, all of it remembered\n`);
  const { embedder } = JSON.parse(await readFile(join(dir, 'bare/metadata.json'), 'utf8')) as { embedder: object };
  expect(embedder).toMatchObject({ name: join(dir, 'roberta') });
});

test('learn tells what ran the encoder', async () => {
  await writeFile(
    join(dir, 'answered.csv'),
    'message,label,confidence,method\nquota of rho is spent,storage,0.9,llm\n',
  );
  const { code, stdout, stderr } = await cli('learn', 'answered.csv', '--model', 'mine', '-q');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(`encoder: ${join(dir, 'roberta')} on cpu\n`);
});

// dml is of Windows, coreml of macOS: one of the two works nowhere.
const ABSENT = process.platform === 'win32' ? 'coreml' : 'dml';

test.each([
  ['train', 'train.csv', '-o', 'other', '--embedder', './roberta'],
  ['learn', 'answered.csv', '--model', 'mine'],
  ['in.log', '--model', 'mine', '--offline'],
])('a device that does not work ends %s, also when every embedding is remembered', async (...argv) => {
  const { code, stdout, stderr } = await cli(...argv, '--device', ABSENT);
  expect({ code, stdout }).toEqual({ code: 70, stdout: '' });
  expect(stderr).toContain(`The device "${ABSENT}" does not work here: Unsupported device`);
});

test('a device that is not known is a usage error of train', async () => {
  const { code, stderr } = await cli('train', 'train.csv', '-o', 'other', '--device', 'gpu');
  expect(code).toBe(2);
  expect(stderr).toContain('--device is "gpu".');
});

test.each([
  ['./no-embedder', 'is no embedder: it has no config.json', 'config.json, tokenizer.json'],
  ['./nowhere', 'There is no embedder "./nowhere" on this machine', 'logs-MiniLM-L3'],
  ['someone/model', 'There is no embedder "someone/model" on this machine', 'logiq models pull someone/model'],
])('train --embedder %s says what is wrong and what to do', async (embedder, problem, hint) => {
  const { code, stderr } = await cli('train', 'train.csv', '-o', 'other', '--embedder', embedder);
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
  expect(stderr).toContain(hint);
});
