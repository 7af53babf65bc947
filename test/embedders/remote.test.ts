import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MODEL_FILES } from '../../src/embedders/files.ts';
import { startEmbedder } from '../../src/embedders/remote.ts';
import { sha256 } from '../../src/embedders/sha256.ts';
import { decodeVectors, lowestCosine, BUNDLED, readParity, SAME_VECTOR, type EmbeddingFixture } from './fixtures.ts';

const never = new AbortController().signal;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'logiq-embedder-'));
});
afterAll(() => rm(scratch, { recursive: true }));

test('texts go to one thread or two and come back as the same vectors in order', async () => {
  const fixture = await readParity<EmbeddingFixture>('embeddings.json');
  const [one, two] = [startEmbedder(BUNDLED, { threads: 1 }), startEmbedder(BUNDLED, { threads: 2 })];
  const vectors = await one.embed(fixture.texts, never);
  expect(lowestCosine(vectors, decodeVectors(fixture), fixture.dim)).toBeGreaterThan(SAME_VECTOR);
  expect(await two.embed(fixture.texts, never)).toEqual(vectors);
  await Promise.all([one.close(), two.close()]);
});

test('a folder without an embedder is a clean error', async () => {
  const embedder = startEmbedder(join(scratch, 'nothing'));
  await expect(embedder.embed(['a'], never)).rejects.toMatchObject({ code: 'E_MODEL_MISSING' });
  await embedder.close();
});

test('a model that is not the demanded one is refused with the name of its file', async () => {
  const embedder = startEmbedder(BUNDLED, { sha256: { [MODEL_FILES[0]]: '0'.repeat(64) } });
  await expect(embedder.embed(['a'], never)).rejects.toMatchObject({
    code: 'E_MODEL_DAMAGED',
    message: expect.stringContaining('model_quantized.onnx') as unknown,
  });
  await embedder.close();
});

test.each(['flipped', 'cut', 'empty'])('a %s model is refused', async (damage) => {
  const dir = join(scratch, damage);
  await cp(BUNDLED, dir, { recursive: true });
  const path = join(dir, MODEL_FILES[0]);
  const bytes = await readFile(path);
  const hash = await sha256(bytes);
  if (damage === 'flipped') await writeFile(path, bytes.fill(bytes[1_000_000]! ^ 1, 1_000_000, 1_000_001));
  else await truncate(path, damage === 'cut' ? 1_000_000 : 0);
  const embedder = startEmbedder(dir, { sha256: { [MODEL_FILES[0]]: hash } });
  await expect(embedder.embed(['a'], never)).rejects.toMatchObject({ code: 'E_MODEL_DAMAGED' });
  await embedder.close();
});

test('a model that the runtime does not read is a clean error even without a demanded hash', async () => {
  const dir = join(scratch, 'unreadable');
  await cp(BUNDLED, dir, { recursive: true });
  await truncate(join(dir, MODEL_FILES[0]), 1000);
  const embedder = startEmbedder(dir);
  await expect(embedder.embed(['a'], never)).rejects.toMatchObject({ code: 'E_EMBEDDER' });
  await embedder.close();
});

// The script ends while a thread loads (0 ms) or runs the model: neither may abort the process (134) or hang it.
test.each([0, 150, 300, 400])('closing %d ms after the start drains and lets the process end', (delayMs) => {
  const script = `
    import { startEmbedder } from ${JSON.stringify(new URL('../../dist/embedders/remote.js', import.meta.url).href)};
    const embedder = startEmbedder(${JSON.stringify(BUNDLED)}, { threads: 2 });
    embedder.embed(Array.from({ length: 500 }, (_, i) => 'disk full on node ' + i), new AbortController().signal).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, ${delayMs}));
    await embedder.close();
  `;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
