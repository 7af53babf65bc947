import { loadEmbedder, takesTransformers } from '../embedders/index.ts';
import { forbidTelemetry, loadRuntime } from '../embedders/runtime.ts';
import type { Runtime, RuntimeKind } from '../embedders/runtime-choice.ts';
import type { Check } from './check.ts';

/** Anything short that is tokenised to a few tokens. */
const PROBE = 'connection refused';

const FOREIGN = "the chosen model's encoder is left to @huggingface/transformers and its own ONNX Runtime";

const KINDS = {
  installed: 'the onnxruntime-node installed beside logiq',
  packed: 'the native library inside logiq',
  wasm: 'WebAssembly inside logiq',
} satisfies Record<RuntimeKind, string>;

/**
 * Loads the runtime that a run would load and lets it embed one text.
 *
 * @param embedderDir Absent: the runtime is loaded and nothing is run.
 * @throws {LogiqError} as `loadRuntime` and `loadEmbedder`.
 */
export async function examineRuntime(embedderDir: string | undefined): Promise<Omit<Check, 'name'>> {
  forbidTelemetry();
  const runtime = await loadRuntime();
  const { kind, version, provider, passedOver } = runtime;
  const isForeign = embedderDir !== undefined && (await takesTransformers(embedderDir));
  // That package brings an ONNX Runtime of its own, and two versions of it do not load into one process.
  const probe = embedderDir === undefined || isForeign ? undefined : await runProbe(embedderDir);
  const facts = { kind, version, provider, passedOver, ...probe };
  const timing = probe ? `; loaded in ${probe.loadMs} ms, one text in ${probe.textMs} ms` : '';
  const found = `ONNX Runtime ${version}, ${provider} provider: ${KINDS[kind]}${because(runtime)}${timing}${isForeign ? `; ${FOREIGN}` : ''}`;
  if (kind !== 'wasm') return { status: 'ok', found, facts };
  return { status: 'note', found, hint: wasmHint(), facts };
}

async function runProbe(dir: string): Promise<{ loadMs: number; textMs: number }> {
  const start = performance.now();
  const embedder = await loadEmbedder(dir, { intraOpThreads: 1, sha256: {} });
  await embedder.embed([PROBE]); // the first run is slower
  const loaded = performance.now();
  await embedder.embed([PROBE]);
  const end = performance.now();
  await embedder.close();
  return { loadMs: Math.round(loaded - start), textMs: Number((end - loaded).toFixed(1)) };
}

function because({ passedOver }: Runtime): string {
  return passedOver.length === 0 ? '' : `, because ${passedOver.map(({ why }) => why).join(', and ')}`;
}

function wasmHint(): string {
  const isServed = ['win32-x64', 'win32-arm64', 'darwin-arm64', 'linux-x64', 'linux-arm64'].includes(
    `${process.platform}-${process.arch}`,
  );
  return isServed
    ? 'For native speed: npm install -g logiq onnxruntime-node@1.27.0 --ignore-scripts'
    : 'Nothing is wrong; ONNX Runtime has no native build for this system.';
}
