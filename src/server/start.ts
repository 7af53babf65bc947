import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCascade, type Cascade, type CascadeSettings } from '../cascade.ts';
import { LogiqError } from '../errors.ts';
import { visible } from '../output/terminal.ts';
import type { ServeSettings } from '../settings/serve.ts';
import { createRunStats } from '../stats/run-stats.ts';
import type { Io } from '../types.ts';
import { createLog } from './access-log.ts';
import { createAdmission } from './admission.ts';
import { createApp } from './app.ts';
import { createEngine } from './engine.ts';
import { createHealthServer } from './health-port.ts';
import { LIMITS } from './limits.ts';
import { createServerMetrics } from './server-metrics.ts';

/**
 * Listens until `io.signal` aborts, then lets what is running finish. It listens before the model is loaded, so that
 * whoever waits for it can ask.
 *
 * @throws {LogiqError} E_USAGE when the address cannot be had, and what `openCascade` throws.
 */
export async function serve(settings: CascadeSettings, options: ServeSettings, io: Io): Promise<void> {
  const engine = createEngine();
  const logs = createAdmission(LIMITS.waitingLogs);
  const uploads = createAdmission(LIMITS.uploads, LIMITS.uploadsOfOneClient);
  const stats = createRunStats(() => performance.now());
  const metrics = createServerMetrics({ engine, stats, logs, uploads });
  const log = createLog(options.logLevel, io.stdout);
  const token = io.env['LOGIQ_API_TOKEN'] || undefined;
  const app = await createApp(
    { engine, metrics, logs, uploads, limits: LIMITS, maxUploadBytes: options.maxUpload * 2 ** 20 },
    {
      log,
      rateLimit: options.rateLimit,
      trustProxy: options.trustProxy,
      guard: {
        host: options.host,
        token,
        corsOrigin: options.corsOrigin,
        isBehindProxy: options.trustProxy !== undefined,
      },
    },
  );

  const health = options.healthPort === undefined ? undefined : createHealthServer(app);
  let cascade: Cascade | undefined;
  try {
    const address = await listening(options.host, options.port, (at) => app.listen({ ...at, backlog: LIMITS.backlog }));
    io.stderr.write(`listening on ${address}\n`);
    if (health) {
      const at = await listening(options.host, options.healthPort!, (where) => listenForHealth(health, where));
      io.stderr.write(`health on ${at}\n`);
    }
    if (token === undefined && !/^(127\.|localhost$|::1$)/.test(options.host)) {
      io.stderr.write('anyone who reaches this address can use it: set LOGIQ_API_TOKEN to demand a token\n');
    }
    cascade = await openCascade(settings, io, { isServing: true });
    await warmUp(cascade, io.signal);
    engine.ready(cascade);
    log.info({ model: cascade.model.metadata.name, embedder: cascade.embedder, llm: cascade.llmOff ?? 'on' }, 'ready');
    await aborted(io.signal);
    log.info('stopping: no new requests, what is running may finish');
  } finally {
    engine.stop();
    await Promise.race([app.close(), sleep(LIMITS.drainMs, undefined, { ref: false })]);
    app.server.closeAllConnections();
    health?.close().closeAllConnections();
    metrics.close();
    await cascade?.close();
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** @throws {LogiqError} E_USAGE when the address cannot be had. */
async function listening(host: string, port: number, listen: (at: Address) => Promise<string>): Promise<string> {
  try {
    return await listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new LogiqError(
      'E_USAGE',
      `Cannot listen on ${visible(host)}, port ${port} (${code}).`,
      'Choose another with --host, --port and --health-port; port 0 takes a free one.',
      { cause: error },
    );
  }
}

async function listenForHealth(server: Server, at: Address): Promise<string> {
  server.listen(at);
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** The first inference also loads the encoder: a request should not wait for that. */
async function warmUp({ stages }: Cascade, signal: AbortSignal): Promise<void> {
  await stages.find(({ name }) => name === 'model')?.classify(['server started'], signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
