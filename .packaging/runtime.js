// Lays the part of ONNX Runtime that travels inside the published package into dist/onnxruntime, so that what a user
// installs has no install script and fetches nothing: the native CPU library of PLATFORMS, and the WebAssembly build for
// every other system. Runs on `npm pack`, after the build.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

/**
 * Compressed, the encoder and the WebAssembly build take 19.5 MB, Linux x64 14.2, Linux arm64 7.7, Windows x64 9.4 and
 * macOS arm64 10.6: 45 MB hold the two Linuxes, or one of them and Windows. Servers and containers win; a laptop's few
 * thousand templates take seconds in WebAssembly, and `logiq doctor` tells how to get its native library.
 */
const PLATFORMS = ['linux/x64', 'linux/arm64'];

const out = fileURLToPath(new URL('../dist/onnxruntime/', import.meta.url));
const here = fileURLToPath(new URL('onnxruntime/', import.meta.url));
const { resolve } = createRequire(import.meta.url);
const native = dirname(resolve('onnxruntime-node/package.json'));
const common = dirname(resolve('onnxruntime-common')); // dist/cjs
const wasm = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web'))); // dist
const { version } = JSON.parse(readFileSync(join(native, 'package.json'), 'utf8'));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
// The manifest makes Node read the copied files as CommonJS and logiq tell the version.
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ type: 'commonjs', version }, null, 2)}\n`);
for (const file of ['LICENSE', 'ThirdPartyNotices.txt']) cpSync(join(here, file), join(out, file));

copyScripts(common, join(out, 'common'));
copyScripts(join(native, 'dist'), join(out, 'node/dist'));
for (const platform of PLATFORMS) {
  const folder = join('bin/napi-v6', platform);
  cpSync(join(native, folder), join(out, 'node', folder), { recursive: true });
}
cpSync(join(wasm, 'ort.wasm.bundle.min.mjs'), join(out, 'wasm/ort.wasm.bundle.min.mjs'));
const binary = 'ort-wasm-simd-threaded.wasm';
writeFileSync(join(out, 'wasm', `${binary}.br`), compress(readFileSync(join(wasm, binary))));

/**
 * @param {string} from
 * @param {string} to
 */
function copyScripts(from, to) {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from).filter((name) => name.endsWith('.js'))) {
    const script = readFileSync(join(from, file), 'utf8')
      .replaceAll('require("onnxruntime-common")', 'require("../../common")')
      .replace(/^\/\/# sourceMappingURL=.*$/m, '');
    writeFileSync(join(to, file), script);
  }
}

/**
 * A fifth of its size, so that 11 MB less are unpacked on every install; 0.1 s to undo where it is used.
 *
 * @param {Buffer} bytes
 */
function compress(bytes) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
  return brotliCompressSync(bytes, { params: { [BROTLI_PARAM_QUALITY]: 9, [BROTLI_PARAM_LGWIN]: 24 } });
}
