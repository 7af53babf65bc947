import type { Buffer } from 'node:buffer';

/** Longest row, in bytes. What a line has beyond it is dropped and the row is flagged `cut`. */
export const MAX_ROW_BYTES = 1 << 20;

/** Turns chunks of bytes into rows; what is incomplete waits for the rest. It adds its rows to a `Rows`. */
export interface Splitter {
  push(chunk: Buffer): void;
  /** The input has ended: what waits is the last row. */
  end(): void;
  /** Physical line (from 1) at which what waits begins. */
  readonly line: number;
  /** Bytes that wait for the rest of their row; undefined where reading cannot begin anew with them. */
  readonly waiting: number | undefined;
}
