// `node --import ./test/bench/wasm-runtime.js ...`: whoever imports onnxruntime-node gets this module, which is the
// WebAssembly build on one thread, as a machine without a native library would use it.
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';

const hooks = `export const resolve = (specifier, context, next) =>
  specifier === 'onnxruntime-node' ? { url: ${JSON.stringify(import.meta.url)}, shortCircuit: true } : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const binary = fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmBinary = readFileSync(binary);

export const { InferenceSession, Tensor, env } = ort;
export const listSupportedBackends = () => [{ name: 'cpu', bundled: true }];
