import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { LogiqError } from '../errors.ts';
import { openOnDevice, worthTrying, type Device, type Provider } from './device.ts';
import { chooseRuntime, type Runtime } from './runtime-choice.ts';
import { loadInstalled } from './runtime-installed.ts';
import { loadPackedNative, loadPackedWasm } from './runtime-packed.ts';

export interface Session {
  /** What it runs on. */
  readonly provider: Provider;
  readonly inputNames: readonly string[];
  /**
   * Blocks its thread until the model has run.
   *
   * @param inputs One int64 tensor a name, each of shape [rows, columns].
   * @returns Data of the model's first output, or of `sentence_embedding` where the export pools by itself.
   */
  run(inputs: Readonly<Record<string, BigInt64Array>>, rows: number, columns: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Name that sentence-transformers gives to a text's own vector among the outputs of its exports. */
export const POOLED = 'sentence_embedding';

/**
 * ONNX Runtime must send nothing home. Its C++ side reads the process environment, of which a worker's `process.env` is
 * only a copy: call this in the main thread, before the first session anywhere.
 */
export function forbidTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
}

/**
 * @param model Bytes of an ONNX file.
 * @throws {LogiqError} E_EMBEDDER when the runtime cannot be loaded here or does not take the model.
 */
export async function createSession(
  model: Uint8Array,
  intraOpThreads: number,
  device: Device = 'cpu',
): Promise<Session> {
  forbidTelemetry();
  const runtime = await loadRuntime();
  const { ort } = runtime;
  if (device !== 'cpu') ort.env.logLevel = 'fatal'; // what a provider lacks is told once, by us
  const available = worthTrying(device, ort.listSupportedBackends?.().map(({ name }) => name) ?? []);
  const { session, provider } = await openOnDevice(device, runtime.provider, available, (wanted) =>
    openSession(runtime, wanted, model, intraOpThreads),
  );
  const output = session.outputNames.find((name) => name === POOLED) ?? session.outputNames[0]!;
  return {
    provider,
    inputNames: session.inputNames,
    async run(inputs, rows, columns) {
      const feeds: Record<string, Tensor> = {};
      for (const [name, data] of Object.entries(inputs)) feeds[name] = new ort.Tensor('int64', data, [rows, columns]);
      const results = await session.run(feeds, [output]);
      return results[output]!.data as Float32Array;
    },
    close: () => session.release(),
  };
}

/**
 * The best ONNX Runtime that loads here (40 ms for a native library, which later calls do not pay again).
 *
 * @throws {LogiqError} E_EMBEDDER when none does.
 */
export async function loadRuntime(): Promise<Runtime> {
  const runtime = await chooseRuntime({
    installed: loadInstalled,
    packed: loadPackedNative,
    wasm: loadPackedWasm,
  });
  if (runtime.kind !== 'none') return runtime;
  const reasons = runtime.passedOver.map(({ why }) => why).join('; ');
  throw new LogiqError(
    'E_EMBEDDER',
    `No ONNX Runtime loads here: ${reasons}.`,
    'Reinstall logiq, or run rules only with --embedder none.',
  );
}

async function openSession(
  { ort }: Runtime,
  provider: Provider,
  model: Uint8Array,
  intraOpThreads: number,
): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: [provider],
      intraOpNumThreads: intraOpThreads,
      interOpNumThreads: 1,
      // Errors only: warnings about the graph would land on the user's stderr.
      logSeverityLevel: 3,
    });
  } catch (cause) {
    throw new LogiqError(
      'E_EMBEDDER',
      `ONNX Runtime refuses the embedder's model: ${String(cause)}`,
      'Use an ONNX export of a BERT-family encoder.',
      { cause },
    );
  }
}
