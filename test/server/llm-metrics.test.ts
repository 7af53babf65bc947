import { afterEach, expect, test } from 'vitest';
import { createLlmClassifier, type LlmClassifier } from '../../src/llm/classifier.ts';
import { createGroqProvider } from '../../src/llm/providers/groq.ts';
import { createFallbackStage } from '../../src/stages/fallback.ts';
import { createLlmStage } from '../../src/stages/llm.ts';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { labels, refuse, refusedKey, stall, startFakeGroq, type FakeGroq, type Reply } from '../helpers/fake-groq.ts';
import { heldStage, startServer, type TestServer } from '../helpers/start-server.ts';

/** What operators see of a server's calls to an LLM. */
let groq: FakeGroq;
let server: TestServer;
afterEach(async () => {
  await server.close();
  await groq?.close();
});

/** A call takes 1,000 tokens in, 400 of them cached, and 100 out. */
const price = { input: 1, cachedInput: 0.5, output: 10 };
const USD_A_CALL = (600 * 1 + 400 * 0.5 + 100 * 10) / 1e6;

async function start(replies: readonly Reply[], withPrice = true): Promise<void> {
  groq = await startFakeGroq(...replies);
  const llm: LlmClassifier = createLlmClassifier({
    provider: createGroqProvider({ apiKey: 'k', baseUrl: groq.url, timeoutMs: 200, ...(withPrice && { price }) }),
    labels: [{ label: 'storage', meaning: 'Disks and files.' }],
    clock: createFakeClock(),
    collectMs: 0,
    random: () => 0,
  });
  server = await startServer({ stages: [createLlmStage(llm), createFallbackStage()], llm });
}

async function classify(log: string): Promise<string> {
  const response = await fetch(`${server.url}/classify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ log_text: log }),
  });
  return ((await response.json()) as { method: string }).method;
}

/** Values of the metrics whose name begins so, by name and labels. */
async function metrics(prefix: string): Promise<Record<string, number>> {
  const lines = (await (await fetch(`${server.url}/metrics`)).text()).split('\n');
  const series = lines.filter((line) => line.startsWith(prefix)).map((line) => line.split(/ (?=\S+$)/));
  return Object.fromEntries(series.map(([name = '', value]) => [name.slice(prefix.length), Number(value)]));
}

async function stats(): Promise<{ llm: Record<string, unknown>; stages: ReadonlyArray<Record<string, unknown>> }> {
  return (await (await fetch(`${server.url}/stats`)).json()) as Awaited<ReturnType<typeof stats>>;
}

const storage = labels(() => 'storage');

test('calls, failures, tokens, cost and rows are those of the calls made', async () => {
  await start([refuse(500, 'down for a moment', 'server_error'), storage]);
  expect(await classify('the disk of alpha is full')).toBe('llm');
  expect(await classify('the disk of beta is full')).toBe('llm');
  expect(await metrics('logiq_llm_')).toEqual({
    'calls_total{outcome="answered"}': 2,
    'calls_total{outcome="failed"}': 1,
    'tokens_total{kind="input"}': 2000,
    'tokens_total{kind="cached_input"}': 800,
    'tokens_total{kind="output"}': 200,
    cost_usd_total: 2 * USD_A_CALL,
    stopped: 0,
  });
  expect(await metrics('logiq_rows_total')).toEqual({ '{method="llm"}': 2 });
  expect(await metrics('logiq_stage_rows_total')).toEqual({
    '{stage="llm",outcome="decided"}': 2,
    '{stage="llm",outcome="passed"}': 0,
  });
  expect((await metrics('logiq_stage_duration_seconds_count'))['{stage="llm"}']).toBe(2);
  const report = await stats();
  expect(report.llm).toMatchObject({
    off: null,
    calls: 3,
    failures: 1,
    retries: 1,
    inputTokens: 2000,
    costUsd: 2 * USD_A_CALL,
  });
  expect(report.stages).toMatchObject([{ name: 'llm', asked: 2, decided: 2 }]);
});

test('a price that is not known is no price of zero', async () => {
  await start([storage], false);
  await classify('the disk is full');
  expect(await metrics('logiq_llm_cost')).toEqual({ _usd_total: Number.NaN });
  expect((await stats()).llm).toMatchObject({ calls: 1, costUsd: null });
});

test('that a key was refused shows, and rows are still answered', async () => {
  await start([refusedKey]);
  expect(await classify('the disk is full')).toBe('fallback');
  expect(await metrics('logiq_llm_')).toMatchObject({ 'calls_total{outcome="failed"}': 1, stopped: 1 });
  expect((await stats()).llm).toMatchObject({ stopped: { reason: 'key' }, unansweredRows: 1 });
});

test('what waits for an LLM is in the queue, and out of it when the client leaves', async () => {
  await start([stall]);
  const leaving = new AbortController();
  const asked = fetch(`${server.url}/classify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"logs":["the disk is full","the door is open"]}',
    signal: leaving.signal,
  }).catch(() => {});
  await expect.poll(() => metrics('logiq_queue_depth')).toEqual({ '': 2 });
  expect(await stats()).toMatchObject({ queueDepth: 2 });
  leaving.abort();
  await asked;
  await expect.poll(() => metrics('logiq_queue_depth')).toEqual({ '': 0 });
});

test('uploads show while they are labelled', async () => {
  const stage = heldStage();
  server = await startServer({ stages: [stage] });
  const upload = fetch(`${server.url}/classify-file`, { method: 'POST', body: 'a\n' });
  await expect.poll(stage.asked).toBe(1);
  expect(await metrics('logiq_uploads')).toEqual({ _in_progress: 1 });
  stage.release();
  await (await upload).text();
  await expect.poll(() => metrics('logiq_uploads')).toEqual({ _in_progress: 0 });
});
