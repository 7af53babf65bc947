import type { Device, Provider } from './device.ts';
import type { Sha256ByFile } from './files.ts';

/** Turns texts into unit vectors. */
export interface Embedder {
  /** What computes. */
  readonly provider: Provider;
  /** Length of one vector. */
  readonly dim: number;
  /**
   * A text's vector depends on that text alone, never on its neighbours in the call.
   *
   * @returns Shape [texts.length, dim], rows in input order, each of L2 norm 1.
   */
  embed(texts: readonly string[]): Promise<Float32Array>;
  /** Frees the runtime's memory; not to be called while `embed` is pending. */
  close(): Promise<void>;
}

export interface EmbedderOptions {
  /** Threads inside one inference. */
  readonly intraOpThreads: number;
  readonly sha256: Sha256ByFile;
  /** `cpu` where absent. */
  readonly device?: Device | undefined;
}

/** Loads the embedder in `dir`, a folder in the layout of the Hugging Face hub. */
export type LoadEmbedder = (dir: string, options: EmbedderOptions) => Promise<Embedder>;
