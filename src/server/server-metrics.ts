import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RunStats } from '../stats/run-stats.ts';
import { readVersion } from '../version.ts';
import type { Admission } from './admission.ts';
import { createMetrics, type Labels, type Metrics } from './metrics.ts';
import type { Engine } from './engine.ts';

export interface ServerMetrics {
  /** The stats, with the time of each stage counted in the metrics too. */
  readonly stats: RunStats;
  countRequest(route: string, method: string, status: number, seconds: number): void;
  render(): string;
  close(): void;
}

export interface Watched {
  readonly engine: Engine;
  readonly stats: RunStats;
  readonly logs: Admission;
  readonly uploads: Admission;
}

/** Every metric of the server. */
export function createServerMetrics({ engine, stats, logs, uploads }: Watched): ServerMetrics {
  const metrics = createMetrics();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();

  const requests = metrics.counter('logiq_http_requests_total', 'HTTP requests answered.');
  const requestSeconds = metrics.histogram(
    'logiq_http_request_duration_seconds',
    'From request line to the end of the answer.',
  );
  const stageRows = metrics.counter('logiq_stage_rows_total', 'Rows that a stage was asked about, by what came of it.');
  const stageSeconds = metrics.histogram(
    'logiq_stage_duration_seconds',
    "From a row's batch to the stage's answer, by row.",
  );
  metrics.read('logiq_rows_total', 'counter', 'Rows answered, by method.', () => seriesOf('method', stats.methods()));
  metrics.read('logiq_label_rows_total', 'counter', 'Rows answered, by label.', () =>
    seriesOf('label', stats.labels()),
  );
  readLlm(metrics, engine);
  metrics.read(
    'logiq_templates_total',
    'counter',
    'Distinct templates scored.',
    () => engine.cascade()?.templates() ?? 0,
  );
  metrics.read('logiq_queue_depth', 'gauge', 'Messages of POST /classify being decided.', () => logs.inside());
  metrics.read('logiq_uploads_in_progress', 'gauge', 'Uploads being labelled.', () => uploads.inside());
  metrics.read('logiq_refused_total', 'counter', 'Requests turned away because the server was full.', () => [
    [{ what: 'classify' }, logs.refused()],
    [{ what: 'upload' }, uploads.refused()],
  ]);
  metrics.read('logiq_ready', 'gauge', '1 when requests are taken.', () => (engine.state() === 'ready' ? 1 : 0));
  metrics.read('logiq_build_info', 'gauge', 'Version in use.', () => [[{ version: readVersion() }, 1]]);
  metrics.read(
    'nodejs_eventloop_delay_seconds',
    'gauge',
    'Delay of the event loop since the metrics were last read.',
    () => {
      const quantiles = [50, 99, 100].map((percent): [Labels, number] => [
        { quantile: String(percent / 100) },
        delay.count === 0 ? 0 : delay.percentile(percent) / 1e9,
      ]);
      delay.reset();
      return quantiles;
    },
  );
  metrics.read('process_resident_memory_bytes', 'gauge', 'Resident memory.', () => process.memoryUsage.rss());
  metrics.read('process_cpu_seconds_total', 'counter', 'CPU time, user and system.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  const startedAt = Date.now() / 1000 - process.uptime();
  metrics.read('process_start_time_seconds', 'gauge', 'Start of the process in Unix time.', () => startedAt);

  return {
    stats: {
      ...stats,
      countStage(call) {
        stats.countStage(call);
        const { name, asked, decided, ms } = call;
        stageSeconds.observe({ stage: name }, ms / 1000, asked);
        stageRows.add({ stage: name, outcome: 'decided' }, decided);
        stageRows.add({ stage: name, outcome: 'passed' }, asked - decided);
      },
    },
    countRequest(route, method, status, seconds) {
      requests.add({ route, method, status: String(status) });
      requestSeconds.observe({ route }, seconds);
    },
    render: () => metrics.render(),
    close: () => delay.disable(),
  };
}

function readLlm(metrics: Metrics, engine: Engine): void {
  const usage = () => engine.cascade()?.llm?.usage();
  metrics.read('logiq_llm_calls_total', 'counter', 'Requests sent to the LLM, by what came of it.', () => [
    [{ outcome: 'answered' }, (usage()?.calls ?? 0) - (usage()?.failures ?? 0)],
    [{ outcome: 'failed' }, usage()?.failures ?? 0],
  ]);
  metrics.read('logiq_llm_tokens_total', 'counter', 'Tokens; cached ones are part of input.', () => [
    [{ kind: 'input' }, usage()?.inputTokens ?? 0],
    [{ kind: 'cached_input' }, usage()?.cachedInputTokens ?? 0],
    [{ kind: 'output' }, usage()?.outputTokens ?? 0],
  ]);
  metrics.read('logiq_llm_cost_usd_total', 'counter', 'Cost in US dollars; NaN when the price is not known.', () => {
    const now = usage();
    return now === undefined ? 0 : (now.costUsd ?? Number.NaN);
  });
  metrics.read(
    'logiq_llm_stopped',
    'gauge',
    '1 when it is asked nothing more, or gives nothing that can be used; GET /stats tells why.',
    () => (usage()?.stopped === undefined ? 0 : 1),
  );
}

function seriesOf(label: string, counts: ReadonlyMap<string, number>): Array<[Labels, number]> {
  return [...counts].map(([value, count]) => [{ [label]: value }, count]);
}
