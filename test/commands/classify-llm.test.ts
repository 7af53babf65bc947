import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  content,
  labels,
  refuse,
  refusedKey,
  retiredModel,
  startFakeGroq,
  type FakeGroq,
  type Reply,
} from '../helpers/fake-groq.ts';
import { runCli } from '../helpers/run-cli.ts';

/** Rules alone leave these two templates open; a hundred lines each. */
const lines = Array.from({ length: 100 }, (_, i) => `gizmo ${i} wobbled oddly\nwidget ${i} sang a song\n`).join('');
const labelOf = (log: string): string => (log.includes('gizmo') ? 'hardware' : 'routine');

let server: FakeGroq;
afterEach(() => server.close());

async function run(replies: readonly Reply[], args: readonly string[] = []) {
  server = await startFakeGroq(...replies);
  return classify(args, mkdtempSync(join(tmpdir(), 'logiq-llm-')));
}

async function classify(args: readonly string[], home: string) {
  const env = { HOME: home, LOGIQ_LLM_API_KEY: 'test-key' };
  const result = await runCli(['--embedder', 'none', '--llm-base-url', server.url, ...args], { stdin: lines, env });
  const rows = result.stdout.trim().split('\n').slice(1);
  return { ...result, rows, methods: new Set(rows.map((row) => row.split(',').at(-1))), home };
}

test('each template is asked once, whatever the number of its lines', async () => {
  const { code, rows, methods, stderr } = await run([labels(labelOf)]);
  expect(server.requests.flatMap(({ logs }) => logs).toSorted()).toEqual([
    'gizmo <num> wobbled oddly',
    'widget <num> sang a song',
  ]);
  expect(rows[0]).toBe('1,gizmo 0 wobbled oddly,hardware,0.85,llm');
  expect(rows.at(-1)).toBe('200,widget 99 sang a song,routine,0.85,llm');
  expect({ code, rows: rows.length, methods }).toEqual({ code: 0, rows: 200, methods: new Set(['llm']) });
  expect(stderr).toContain('against one call a row');
});

test('a second run over the same lines asks nothing', async () => {
  const first = await run([labels(labelOf)]);
  const asked = server.requests.length;
  const second = await classify([], first.home);
  expect(server.requests.length).toBe(asked);
  expect(second.stdout).toBe(first.stdout);
});

test('--offline sends nothing, and every row is written', async () => {
  const { code, methods, stderr } = await run([labels(labelOf)], ['--offline']);
  expect(server.requests).toEqual([]);
  expect({ code, methods }).toEqual({ code: 0, methods: new Set(['fallback']) });
  expect(stderr).toContain('off (--offline)');
});

test.each([
  ['a refused key', refusedKey, 77, 'Set LOGIQ_LLM_API_KEY'],
  ['a model that is gone', retiredModel, 69, '--llm-model'],
])('%s stops the LLM after one call; every row is written', async (_name, reply, exit, told) => {
  const { code, rows, methods, stderr } = await run([reply]);
  expect(server.requests.length).toBe(1);
  expect({ code, rows: rows.length, methods }).toEqual({ code: exit, rows: 200, methods: new Set(['fallback']) });
  expect(stderr).toContain(told);
});

test.each([
  ['answers that are none', content('I would say: storage')],
  ['refusals', refuse(400, 'unknown parameter', 'bad_request')],
])('%s alone end with 69; every row is written', async (_name, reply) => {
  const { code, rows, methods, stderr } = await run([reply]);
  expect({ code, rows: rows.length, methods }).toEqual({ code: 69, rows: 200, methods: new Set(['fallback']) });
  expect(stderr).toContain('never gave a usable answer: 3 of 3 calls failed');
  expect(stderr).not.toContain('saved');
});

test('one answer among failures is a run that went well', async () => {
  const { code, methods } = await run([content('I would say: storage'), refuse(400, 'no', 'bad'), labels(labelOf)]);
  expect({ code, methods }).toEqual({ code: 0, methods: new Set(['fallback', 'llm']) });
});

test('a spent budget leaves the rest to the fallback and ends with 75', async () => {
  const { code, rows } = await run(
    [refuse(500, 'try again', 'internal_error'), labels(labelOf)],
    ['--max-llm-calls', '1'],
  );
  expect(server.requests.length).toBe(1);
  expect({ code, rows: rows.length }).toEqual({ code: 75, rows: 200 });
});

test('--dry-run shows what would be sent, redacted and to the letter, and sends and writes nothing', async () => {
  server = await startFakeGroq(labels(labelOf));
  const env = { HOME: mkdtempSync(join(tmpdir(), 'logiq-llm-')) };
  const input = 'gizmo 7 of ada@example.org wobbled, api_key=9f8e7d6c5b4a39281706\n'.repeat(3);
  const args = ['--embedder', 'none', '--llm-base-url', server.url, '--dry-run'];
  const { code, stdout, stderr } = await runCli(args, { stdin: input, env });
  const bodies = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(bodies.length).toBe(1);
  expect(bodies[0].messages[1].content).toContain('gizmo <num> of <email');
  expect(stdout).not.toContain('9f8e7d6c5b4a39281706');
  expect(stderr).toContain('1 call to openai/gpt-oss-20b for 1 template');
  expect({ code, requests: server.requests.length }).toEqual({ code: 0, requests: 0 });
});

test('answers that cannot be remembered are told, and cost no row', async () => {
  server = await startFakeGroq(labels(labelOf));
  const home = mkdtempSync(join(tmpdir(), 'logiq-llm-'));
  writeFileSync(join(home, '.cache'), 'a file where the folder should be');
  const { code, rows, methods, stderr } = await classify([], home);
  expect({ code, rows: rows.length, methods }).toEqual({ code: 0, rows: 200, methods: new Set(['llm']) });
  expect(stderr).toContain('LLM answers are not remembered');
});
