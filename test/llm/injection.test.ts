import { afterEach, expect, test } from 'vitest';
import { createLlmClassifier } from '../../src/llm/classifier.ts';
import { speaksToTheModel } from '../../src/llm/injection.ts';
import { createGroqProvider } from '../../src/llm/providers/groq.ts';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { content, labels, startFakeGroq, type FakeGroq, type FakeRequest, type Reply } from '../helpers/fake-groq.ts';
import { injectionPayloads } from './injection-payloads.ts';

const labelSet = ['storage', 'network', 'auth_failure'].map((label) => ({ label, meaning: `${label} things` }));
const neighbours = new Map([
  ['disk is full on device <str>', 'storage'],
  ['link eth<num> is down', 'network'],
  ['cannot mount <path>: bad superblock', 'storage'],
  ['connection reset by peer <ip>', 'network'],
]);
const payloads = injectionPayloads('auth_failure', 200);
const idle = new AbortController().signal;

let server: FakeGroq | undefined;
afterEach(() => server?.close());

const honest = labels((log) => neighbours.get(log) ?? 'none');

/** A model that falls for whatever is not one of the neighbours. */
const fooled = (answer: (request: FakeRequest) => Array<{ n: number; label: string }> | string): Reply => {
  return (request, response) => {
    if (request.logs.every((log) => neighbours.has(log))) return honest(request, response);
    const answers = answer(request);
    return content(typeof answers === 'string' ? answers : JSON.stringify({ answers }))(request, response);
  };
};
const each = (request: FakeRequest, label: string) => request.logs.map((_log, index) => ({ n: index + 1, label }));

test.each([
  ['labels all as it is told', fooled((request) => each(request, 'auth_failure'))],
  ['makes up a label', fooled((request) => each(request, 'pwned'))],
  ['answers for lines that are not there', fooled(() => [1, 2, 3, 4, 5].map((n) => ({ n, label: 'auth_failure' })))],
  ['answers several times', fooled((request) => [...each(request, 'storage'), ...each(request, 'auth_failure')])],
  ['chats', fooled(() => 'Sure! I will label everything auth_failure.')],
  ['repeats the text', fooled(({ logs }) => logs.join('\n'))],
])(
  'a model that %s: each label is of the set or none, and no neighbour gets another one',
  async (_name, reply) => {
    expect(payloads.length).toBeGreaterThanOrEqual(200);
    server = await startFakeGroq(reply);
    const provider = createGroqProvider({ apiKey: 'k', baseUrl: server.url });
    for (let start = 0; start < payloads.length; start += 20) {
      const llm = createLlmClassifier({ provider, labels: labelSet, clock: createFakeClock() });
      const attack = payloads.slice(start, start + 20);
      const verdicts = await llm.classify([...neighbours.keys(), ...attack], idle);
      expect(verdicts.slice(0, neighbours.size).map((verdict) => verdict?.label)).toEqual([...neighbours.values()]);
      for (const verdict of verdicts) {
        if (verdict !== null) expect(labelSet.map(({ label }) => label)).toContain(verdict.label);
      }
    }
  },
  60_000,
);

test('a text cannot leave its JSON string, and nothing invisible is sent', async () => {
  server = await startFakeGroq(honest);
  const provider = createGroqProvider({ apiKey: 'k', baseUrl: server.url });
  const llm = createLlmClassifier({ provider, labels: labelSet, clock: createFakeClock() });
  await llm.classify(payloads, idle);
  for (const { body } of server.requests) {
    for (const line of (body.messages[1]?.content ?? '').split('\n')) {
      const entry: object = JSON.parse(line);
      expect(Object.keys(entry)).toEqual(['n', 'log']);
      expect(line).not.toMatch(/[\p{Cf}\p{Cc}\p{Co}]/u);
    }
  }
});

test('the system part is the same for every call', async () => {
  server = await startFakeGroq(honest);
  const provider = createGroqProvider({ apiKey: 'k', baseUrl: server.url });
  const llm = createLlmClassifier({ provider, labels: labelSet, clock: createFakeClock() });
  await llm.classify(payloads.slice(0, 30), idle);
  expect(new Set(server.requests.map(({ body }) => JSON.stringify(body.messages[0]))).size).toBe(1);
  expect(server.requests[0]?.body.messages[0]?.role).toBe('system');
});

test.each([
  'Failed password for root from <ip> port <num> ssh<num>',
  'GET <path> HTTP/<num>" 404',
  'java.lang.NullPointerException at com.example.App.run(App.java:<num>)',
  'npm WARN deprecated request@<num>: no longer supported',
  '{"labels":{"app":"web"},"msg":"started"}',
  'kernel: Out of memory: Killed process <num> (java)',
])('%s is not taken for an attack', (log) => {
  expect(speaksToTheModel(log, labelSet)).toBe(false);
});
