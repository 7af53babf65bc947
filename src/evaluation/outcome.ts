import type { Method } from '../types.ts';

/** One labelled row and what was said of it. */
export interface Outcome {
  readonly truth: string;
  readonly predicted: string;
  /** Calibrated probability in [0, 1]. */
  readonly confidence: number;
  readonly method: Method;
  /** Rows of one template are one observation to the intervals. */
  readonly template: string;
}
