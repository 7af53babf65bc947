import type { Admission } from './admission.ts';
import type { Engine } from './engine.ts';
import type { Limits } from './limits.ts';
import type { ServerMetrics } from './server-metrics.ts';

/** What the routes share. */
export interface Context {
  readonly engine: Engine;
  readonly metrics: ServerMetrics;
  /** Messages of `POST /classify`. */
  readonly logs: Admission;
  readonly uploads: Admission;
  readonly limits: Limits;
  readonly maxUploadBytes: number;
}
