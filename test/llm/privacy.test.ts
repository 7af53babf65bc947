import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAnswerFile } from '../../src/llm/answer-file.ts';
import { createLlmClassifier } from '../../src/llm/classifier.ts';
import { createGroqProvider } from '../../src/llm/providers/groq.ts';
import { toTemplate } from '../../src/template/normalise.ts';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { json, labels, startFakeGroq, type FakeGroq, type Reply } from '../helpers/fake-groq.ts';
import { leakCorpus, tells } from './redact/leak-corpus.ts';

const labelSet = [{ label: 'storage', meaning: 'disks' }];
const idle = new AbortController().signal;
const corpus = leakCorpus(7, 250);
const templates = corpus.map(({ line }) => toTemplate(line));

let folder = '';
let server: FakeGroq | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logiq-privacy-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server?.close();
  server = undefined;
});

async function run(reply: Reply, lines: readonly string[]) {
  server ??= await startFakeGroq(reply);
  const provider = createGroqProvider({ apiKey: 'gsk_verysecretkey0123456789', baseUrl: server.url });
  const path = join(folder, 'answers.jsonl');
  const cache = openAnswerFile({ path, model: provider.model });
  const llm = createLlmClassifier({ provider, labels: labelSet, cache, clock: createFakeClock() });
  const verdicts = await llm.classify(lines, idle);
  return { verdicts, llm, path, requests: server.requests };
}

const yes = labels(() => 'storage');

const echo: Reply = (request, response) =>
  json(400, { error: { message: `cannot do ${request.logs.join(' ')} with key ${request.headers.authorization}` } })(
    request,
    response,
  );

const told = (text: string): string[] => corpus.filter(({ secret }) => tells(text, secret)).map(({ line }) => line);

test('500 secrets: none is in what was sent or what is remembered on disk', async () => {
  const { requests, path } = await run(yes, templates);
  const sent = requests.map(({ raw }) => raw).join('\n');
  const remembered = readFileSync(path, 'utf8');
  expect(told(sent)).toEqual([]);
  expect(told(remembered)).toEqual([]);
  expect(sent + remembered).not.toContain('gsk_verysecretkey');
});

test('a server that repeats what it was sent does not get it into a message', async () => {
  const { llm } = await run(echo, ['password=<str> of \u001b[31mann\u202e', 'token=abc123def456']);
  const { lastFailure } = llm.usage();
  expect(lastFailure).toContain('cannot do');
  expect(lastFailure).not.toMatch(/abc123def456|gsk_verysecretkey|\p{Cc}|\p{Cf}/u);
});

test('a second run over the same lines makes no call', async () => {
  const first = await run(yes, templates);
  const { length } = first.requests;
  const second = await run(yes, templates);
  expect(length).toBeGreaterThan(10);
  expect(second.requests).toHaveLength(length);
  expect(second.verdicts).toEqual(first.verdicts);
  expect(second.llm.usage()).toMatchObject({ calls: 0, remembered: templates.length });
});

test('another model, other labels and another wording of a label do not meet each other in the cache', async () => {
  server = await startFakeGroq(yes);
  const cache = openAnswerFile({ path: join(folder, 'answers.jsonl'), model: 'm' });
  for (const [model, label, meaning] of [
    ['a', 'storage', 'disks'],
    ['b', 'storage', 'disks'],
    ['a', 'network', 'disks'],
    ['a', 'storage', 'disks and tapes'],
  ] as const) {
    const provider = createGroqProvider({ apiKey: 'k', baseUrl: server.url, model });
    await createLlmClassifier({ provider, labels: [{ label, meaning }], cache }).classify(['disk full'], idle);
  }
  expect(server.requests).toHaveLength(4);
});
