import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Cascade } from '../../src/cascade.ts';
import { createLog } from '../../src/server/access-log.ts';
import type { LlmClassifier } from '../../src/llm/classifier.ts';
import { createAdmission } from '../../src/server/admission.ts';
import { createApp, type AppOptions } from '../../src/server/app.ts';
import { createEngine, type Engine } from '../../src/server/engine.ts';
import { LIMITS, type Limits } from '../../src/server/limits.ts';
import { createServerMetrics } from '../../src/server/server-metrics.ts';
import { createRunStats } from '../../src/stats/run-stats.ts';
import type { Stage, Verdict } from '../../src/types.ts';

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly app: FastifyInstance;
  readonly engine: Engine;
  /** The access log so far, a line an entry. */
  log(): string[];
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly stages?: readonly Stage[];
  /** Whose usage is reported; none unless given. */
  readonly llm?: LlmClassifier;
  readonly limits?: Partial<Limits>;
  readonly maxUploadBytes?: number;
  readonly rateLimit?: number;
  readonly guard?: Partial<AppOptions['guard']>;
  /** The model is loaded; true unless given. */
  readonly ready?: boolean;
}

/** The server of `logiq serve` on a free port of this machine, with stages of the test's own in place of a model. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const limits = { ...LIMITS, ...options.limits };
  const engine = createEngine();
  const logs = createAdmission(limits.waitingLogs);
  const uploads = createAdmission(limits.uploads, limits.uploadsOfOneClient);
  const stats = createRunStats(() => performance.now());
  const metrics = createServerMetrics({ engine, stats, logs, uploads });
  const lines: string[] = [];
  const out = new PassThrough().on('data', (chunk) => lines.push(...String(chunk).trim().split('\n')));
  const app = await createApp(
    { engine, metrics, logs, uploads, limits, maxUploadBytes: options.maxUploadBytes ?? 1 << 30 },
    {
      log: createLog('info', out),
      rateLimit: options.rateLimit ?? 0,
      trustProxy: undefined,
      guard: { host: '127.0.0.1', token: undefined, corsOrigin: undefined, isBehindProxy: false, ...options.guard },
    },
  );
  if (options.ready !== false) engine.ready(fakeCascade(options.stages ?? [keywordStage()], options.llm));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    app,
    engine,
    log: () => lines,
    async close() {
      metrics.close();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

/** Sure of whatever holds a word of its own; everything else is `Unclassified`. */
export function keywordStage(
  words: Readonly<Record<string, string>> = { disk: 'storage', login: 'auth_failure' },
): Stage {
  const classify = (text: string): Verdict => {
    const word = Object.keys(words).find((candidate) => text.includes(candidate));
    return word === undefined
      ? { label: 'Unclassified', confidence: 0, method: 'fallback' }
      : { label: words[word] ?? '', confidence: 1, method: 'regex', rule: `has-${word}` };
  };
  return { name: 'regex', reads: 'text', classify: async (texts) => texts.map(classify) };
}

/** A stage whose answers come when the test says so. */
export function heldStage(): Stage & { release(): void; readonly asked: () => number; readonly aborted: () => number } {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let asked = 0;
  let aborted = 0;
  return {
    name: 'regex',
    reads: 'text',
    release: () => release(),
    asked: () => asked,
    aborted: () => aborted,
    async classify(texts, signal) {
      asked += texts.length;
      await Promise.race([
        released,
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            aborted += 1;
            reject(signal.reason as Error);
          }),
        ),
      ]);
      return texts.map(() => ({ label: 'routine', confidence: 1, method: 'regex' as const }));
    },
  };
}

function fakeCascade(stages: readonly Stage[], llm?: LlmClassifier): Cascade {
  const labels = [
    { label: 'storage', meaning: 'Disks and files.' },
    { label: 'auth_failure', meaning: 'Refused.' },
  ];
  return {
    stages,
    // Of the model the routes read nothing else.
    model: { metadata: { name: 'fake', labels } } as unknown as Cascade['model'],
    labels: labels.map(({ label }) => label),
    embedder: null,
    threshold: 0.5,
    device: () => undefined,
    llm: llm ? { ...llm, problem: () => undefined } : null,
    llmOff: llm ? null : 'no key',
    llmModel: 'none',
    templates: () => 0,
    oneCallARow: () => ({ calls: 0, costUsd: 0 }),
    close: async () => {},
  };
}
