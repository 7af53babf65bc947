import type * as ortNode from 'onnxruntime-node';

/** ONNX Runtime's JavaScript API, which every build of it has. */
export type Ort = typeof ortNode;

/**
 * - `installed`: the package onnxruntime-node beside logiq; a checkout has it, and users install it for their own build.
 * - `packed`: the native CPU library that travels inside logiq.
 * - `wasm`: the WebAssembly build inside logiq, which runs everywhere, at a third to a tenth of the speed.
 */
export type RuntimeKind = 'installed' | 'packed' | 'wasm';

export interface LoadedOrt {
  readonly ort: Ort;
  readonly version: string;
  /** ONNX Runtime's name for what computes. */
  readonly provider: 'cpu' | 'wasm';
}

export interface Runtime extends LoadedOrt {
  readonly kind: RuntimeKind;
  /** Those that would have been better, in order of preference, and why each is not in use. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly kind: RuntimeKind;
  /** One line, without a full stop. */
  readonly why: string;
}

/** One way to come by ONNX Runtime; it throws an Error that says why it is not to be had here. */
export type LoadOrt = () => Promise<LoadedOrt>;

/** @returns The first of `candidates` that loads; none when no one does. */
export async function chooseRuntime(
  candidates: Readonly<Record<RuntimeKind, LoadOrt>>,
): Promise<Runtime | { readonly kind: 'none'; readonly passedOver: readonly PassedOver[] }> {
  const passedOver: PassedOver[] = [];
  for (const kind of ['installed', 'packed', 'wasm'] as const) {
    try {
      return { ...(await candidates[kind]()), kind, passedOver };
    } catch (error) {
      passedOver.push({ kind, why: firstLine(error) });
    }
  }
  return { kind: 'none', passedOver };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]!.replace(/\.$/, '');
}
