import { existsSync } from 'node:fs';
import { LogiqError } from '../errors.ts';

/** What may compute, by ONNX Runtime's names, and `auto`: the first of them that works here. */
export const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu', 'coreml', 'dml'] as const;
export type Device = (typeof DEVICES)[number];
export type Provider = Exclude<Device, 'auto'> | 'wasm';

/** In the order that `auto` tries them: the fastest first, the one that always works last. */
const AUTOMATIC: readonly Exclude<Device, 'auto'>[] = ['cuda', 'coreml', 'dml', 'webgpu', 'cpu'];

export interface Opened<Session> {
  readonly session: Session;
  /** The one that is really in use. */
  readonly provider: Provider;
}

/**
 * Opens a session on the device that was asked for, or on the first that works. ONNX Runtime itself does not fall back.
 *
 * @param own What the runtime at hand computes with unless told otherwise: `cpu`, or `wasm` where it is the WebAssembly one.
 * @param available Providers that the runtime at hand has; others are not tried.
 * @param open Throws an Error that says why a provider does not work here.
 * @throws {LogiqError} E_EMBEDDER when the device asked for does not work: an explicit choice never falls back.
 */
export async function openOnDevice<Session>(
  device: Device,
  own: 'cpu' | 'wasm',
  available: ReadonlySet<string>,
  open: (provider: Provider) => Promise<Session>,
): Promise<Opened<Session>> {
  if (device === 'cpu') return { session: await open(own), provider: own };
  if (device !== 'auto') return { session: await openExplicit(device, available, open), provider: device };
  for (const provider of AUTOMATIC) {
    if (provider === 'cpu') break;
    if (!available.has(provider)) continue;
    try {
      return { session: await open(provider), provider };
    } catch {
      // the next one may work; which one does is reported
    }
  }
  return { session: await open(own), provider: own };
}

/**
 * What is worth trying, for `auto`: where Linux has no graphics device, WebGPU finds a software renderer, slower than the CPU,
 * or writes to stderr that it found none.
 */
export function worthTrying(
  device: Device,
  providers: Iterable<string>,
  hasGraphics: boolean = process.platform !== 'linux' || existsSync('/dev/dri') || existsSync('/dev/dxg'),
): ReadonlySet<string> {
  const available = new Set(providers);
  if (device === 'auto' && !hasGraphics) available.delete('webgpu');
  return available;
}

async function openExplicit<Session>(
  device: Exclude<Device, 'auto'>,
  available: ReadonlySet<string>,
  open: (provider: Provider) => Promise<Session>,
): Promise<Session> {
  const hint = 'Choose --device cpu, or --device auto for the best that works.';
  if (!available.has(device)) {
    const has = [...available].join(', ');
    throw new LogiqError('E_EMBEDDER', `The device "${device}" is not in this build of ONNX Runtime (${has}).`, hint);
  }
  try {
    return await open(device);
  } catch (cause) {
    throw new LogiqError('E_EMBEDDER', `The device "${device}" does not work here: ${reasonOf(cause)}`, hint, {
      cause,
    });
  }
}

/** One line of what the runtime itself says, without the place in its source. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof LogiqError && error.cause !== undefined) return reasonOf(error.cause);
  return error.message.split('\n', 1)[0]!.replace(/^\/onnxruntime_src\/.*? was false\. /, '');
}
