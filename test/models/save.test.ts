import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeHead } from '../../src/models/head-file.ts';
import { loadModel } from '../../src/models/load.ts';
import { pendingName } from '../../src/models/pending-files.ts';
import { saveModel } from '../../src/models/save.ts';
import { times } from '../helpers/program.ts';
import { TINY } from '../helpers/tiny-model.ts';
import { createRandom } from '../../src/head/folds.ts';

let root: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'logiq-save-'));
  dir = join(root, 'tiny');
});
afterEach(() => rm(root, { recursive: true }));

const save = (version: number, where = dir): Promise<void> =>
  saveModel(where, { ...TINY, temperature: version }, filesOf(version));

function filesOf(version: number): Record<string, Uint8Array<ArrayBuffer>> {
  const head = { classes: 2, columns: 0, coef: new Float64Array(0), intercept: Float64Array.of(version, -version) };
  return { 'head.bin': encodeHead(head), 'training.csv': Buffer.from(`message,label\nv${version},crash\n`) };
}

/** The version that a folder holds, if all of it is of one. */
async function versionOf(where: string): Promise<number> {
  const { head, temperature } = await loadModel(where);
  expect(head.intercept[0]).toBe(temperature);
  return temperature;
}

test('a save leaves nothing but the model', async () => {
  await save(1);
  await save(2);
  expect((await readdir(dir)).toSorted()).toEqual(['head.bin', 'metadata.json', 'training.csv']);
  expect(await versionOf(dir)).toBe(2);
});

test('a folder is the old model or the new one after each step of a save', async () => {
  await save(1);
  await save(2, join(root, 'new'));
  const hashes = (await loadModel(join(root, 'new'))).metadata.files;
  const seen: number[] = [];
  const cutOffHere = async (): Promise<void> => {
    seen.push(await versionOf(dir));
    const copy = join(root, `copy${seen.length}`);
    await cp(dir, copy, { recursive: true });
    await save(3, copy); // the next save copes with what was left
    expect(await versionOf(copy)).toBe(3);
    expect((await readdir(copy)).toSorted()).toEqual(['head.bin', 'metadata.json', 'training.csv']);
  };
  const files = Object.keys(hashes);
  for (const file of files) {
    const bytes = await readFile(join(root, 'new', file));
    await writeFile(join(dir, pendingName(file, hashes[file]!)), bytes.subarray(0, 3));
    await cutOffHere();
    await writeFile(join(dir, pendingName(file, hashes[file]!)), bytes);
    await cutOffHere();
  }
  await cp(join(root, 'new/metadata.json'), join(dir, 'metadata.json'));
  await cutOffHere();
  for (const file of files) {
    await rename(join(dir, pendingName(file, hashes[file]!)), join(dir, file));
    await cutOffHere();
  }
  expect(seen).toEqual([1, 1, 1, 1, 2, 2, 2]);
});

test('a folder that cannot be written to is an error that says so, and the model stays', async () => {
  await save(1);
  await writeFile(join(root, 'file'), '');
  await expect(save(2, join(root, 'file', 'model'))).rejects.toMatchObject({ code: 'E_OUTPUT_WRITE' });
  expect(await versionOf(dir)).toBe(1);
});

const KILLS = times(100, 8);
const keepSaving = fileURLToPath(new URL('../helpers/keep-saving.js', import.meta.url));

test('kill -9 at any time leaves a whole model, no older than the last one saved', { timeout: 300_000 }, async () => {
  await save(1);
  await writeFile(join(root, 'metadata.json'), JSON.stringify(TINY));
  const random = createRandom(1);
  for (let kill = 0; kill < KILLS; kill++) {
    const saver = spawn(process.execPath, [keepSaving, dir, join(root, 'metadata.json')]);
    let told = '';
    saver.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
    await once(saver.stdout, 'data');
    await sleep(random() * 40);
    saver.kill('SIGKILL');
    await once(saver, 'close');
    const saved = Number(told.trimEnd().split('\n').at(-1));
    expect(await versionOf(dir)).toBeGreaterThanOrEqual(saved);
  }
});
