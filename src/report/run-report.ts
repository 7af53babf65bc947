import type { Provider } from '../embedders/device.ts';
import type { StageStats } from '../stats/run-stats.ts';
import type { DamageCount } from '../input/damage.ts';
import type { OneCallARow } from '../llm/one-call-a-row.ts';
import type { Stopped } from '../llm/stopped.ts';
import type { Method } from '../types.ts';

/** What a run did, as plain data: `--stats` writes it as JSON, `summary.ts` shows it to people. */
export interface RunReport {
  readonly logiq: string;
  readonly inputs: readonly InputReport[];
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly stages: readonly StageReport[];
  /** Rows without text, which no stage is asked about. Stages' rows and these add up to `rows`. */
  readonly blankRows: number;
  /** Rows by method; the sum is `rows`. */
  readonly methods: Readonly<Partial<Record<Method, number>>>;
  /** Rows by label, most frequent first; the sum is `rows`. */
  readonly labels: Readonly<Record<string, number>>;
  /** Distinct templates that were scored; a template that the bounded memo forgot and met again counts again. */
  readonly templates: number;
  readonly model: ModelReport;
  readonly llm: LlmReport;
  /** A signal ended it before the end of its inputs. */
  readonly interrupted: boolean;
}

export interface InputReport {
  readonly file: string;
  readonly format: string;
  /** Damaged records by kind. */
  readonly damage: Readonly<Record<string, DamageCount>>;
}

export interface StageReport extends StageStats {
  /** Of all rows, in [0, 1]. */
  readonly share: number;
}

export interface ModelReport {
  readonly name: string;
  /** Null when rules alone decide. */
  readonly embedder: string | null;
  /** What ran the encoder; null when no row needed it. */
  readonly device: Provider | null;
  readonly threshold: number;
}

export interface LlmReport {
  /** Why nothing was sent, or null when the LLM was used. */
  readonly off: 'offline' | 'no key' | null;
  /** Why it stopped before the end, with the way out; null when it did not. */
  readonly stopped: Stopped | null;
  /** Why answers are not remembered for later runs; null when they are. */
  readonly problem: string | null;
  readonly model: string;
  readonly calls: number;
  readonly failures: number;
  readonly retries: number;
  /** Templates that an earlier answer settled without a call. */
  readonly remembered: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** US dollars; null when the model's price is not known. */
  readonly costUsd: number | null;
  /** What asking once for every row would have meant. */
  readonly oneCallARow: OneCallARow;
  /** Rows below the threshold that carry the best guess because no answer was to be had. */
  readonly unansweredRows: number;
}
