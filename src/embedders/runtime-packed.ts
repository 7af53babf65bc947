import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { LoadedOrt, Ort } from './runtime-choice.ts';

/** What the packaging script puts into the published package; a checkout lacks it. Right from src/ and from dist/. */
const PACKED = new URL('../../dist/onnxruntime/', import.meta.url);

/** Start of a program, in which Linux names its loader. */
const ELF_HEADER_BYTES = 4096;

/** The native CPU library inside logiq. */
export async function loadPackedNative(): Promise<LoadedOrt> {
  const platform = `${process.platform}/${process.arch}`;
  const binding = new URL(`node/bin/napi-v6/${platform}/onnxruntime_binding.node`, PACKED);
  if (!existsSync(binding)) throw new Error(`logiq carries no native library for ${platform}`);
  if (process.platform === 'linux' && (await isMusl()))
    throw new Error('the native library needs glibc, and this is musl');
  return { ort: await importOrt('node/dist/index.js'), version: await packedVersion(), provider: 'cpu' };
}

/** The WebAssembly build inside logiq, on one thread. */
export async function loadPackedWasm(): Promise<LoadedOrt> {
  const binary = new URL('wasm/ort-wasm-simd-threaded.wasm.br', PACKED);
  if (!existsSync(binary)) throw new Error(`there is no file ${fileURLToPath(binary)}`);
  const ort = await importOrt('wasm/ort.wasm.bundle.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary ??= await promisify(brotliDecompress)(await readFile(binary)); // it would be fetched else
  return { ort, version: await packedVersion(), provider: 'wasm' };
}

function importOrt(file: string): Promise<Ort> {
  return import(new URL(file, PACKED).href) as Promise<Ort>;
}

async function packedVersion(): Promise<string> {
  const manifest = await readFile(new URL('package.json', PACKED), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** A library for glibc may load on musl through a shim and crash later, so this Node's own program header is asked. */
async function isMusl(): Promise<boolean> {
  const file = await open(process.execPath);
  try {
    const { buffer } = await file.read(Buffer.alloc(ELF_HEADER_BYTES), 0, ELF_HEADER_BYTES, 0);
    return buffer.includes('/ld-musl-');
  } finally {
    await file.close();
  }
}
