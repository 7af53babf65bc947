import type { Method, StageName, Verdict } from '../types.ts';
import { createHistogram, type Histogram } from './histogram.ts';

/** What one stage did in a run. */
export interface StageStats {
  readonly name: StageName;
  /** Rows the stage was asked about. */
  readonly asked: number;
  /** Rows it decided. */
  readonly decided: number;
  /** Milliseconds between handing the stage a row's batch and its answer, over the rows asked. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** One batch in one stage. */
export interface StageCall {
  readonly name: StageName;
  /** Rows it was asked about. */
  readonly asked: number;
  /** Rows it decided. */
  readonly decided: number;
  /** Milliseconds from asking to the answer. */
  readonly ms: number;
}

/** Counters of a run. Counting only: what they look like is `report/`'s. */
export interface RunStats {
  /** Milliseconds on the clock that latencies are measured by. */
  now(): number;
  countStage(call: StageCall): void;
  countVerdicts(verdicts: readonly Verdict[]): void;
  rows(): number;
  /** Rows by method; the sum is `rows()`. */
  methods(): ReadonlyMap<Method, number>;
  /** Rows by label, most frequent first; the sum is `rows()`. */
  labels(): ReadonlyMap<string, number>;
  /** In the order in which they were first asked. */
  stages(): readonly StageStats[];
  elapsedMs(): number;
}

/** @param now A monotonic clock in milliseconds. */
export function createRunStats(now: () => number): RunStats {
  const startedAt = now();
  const stages = new Map<StageName, { asked: number; decided: number; latency: Histogram }>();
  const methods = new Map<Method, number>();
  const labels = new Map<string, number>();
  let rows = 0;
  return {
    now,
    countStage({ name, asked, decided, ms }) {
      let stage = stages.get(name);
      if (stage === undefined) stages.set(name, (stage = { asked: 0, decided: 0, latency: createHistogram() }));
      stage.asked += asked;
      stage.decided += decided;
      stage.latency.add(ms, asked);
    },
    countVerdicts(verdicts) {
      rows += verdicts.length;
      for (const { method, label } of verdicts) {
        methods.set(method, (methods.get(method) ?? 0) + 1);
        labels.set(label, (labels.get(label) ?? 0) + 1);
      }
    },
    rows: () => rows,
    methods: () => methods,
    labels: () => new Map([...labels].toSorted(([, a], [, b]) => b - a)),
    stages: () =>
      [...stages].map(([name, { asked, decided, latency }]) => ({
        name,
        asked,
        decided,
        latencyMs: { p50: latency.quantile(0.5), p95: latency.quantile(0.95), p99: latency.quantile(0.99) },
      })),
    elapsedMs: () => now() - startedAt,
  };
}
