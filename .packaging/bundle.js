// Joins logiq's own modules in dist/ into few files, which starts it a fifth faster: a command loads some 150 of them.
// The packages that it needs stay apart, for npm, their licences and `npm sbom`. Does so while npm packs, where `prepare`
// comes last; after that, and in a checkout, the modules are as the build makes them.
import { readdirSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
/** What is started by its file name: the program, and the threads of the encoder and of a fit. */
const ENTRIES = ['cli', 'embedders/worker', 'head/fit-thread'];
const CHUNKS = 'chunks';

if (['pack', 'publish'].includes(process.env.npm_command)) await joinModules();

async function joinModules() {
  rmSync(join(dist, CHUNKS), { recursive: true, force: true });
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map((name) => [name, join(dist, `${name}.js`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    plugins: [{ name: 'module-urls', transform: markUrls, renderChunk: resolveUrls }],
  });
  const { output } = await bundle.write({
    dir: dist,
    entryFileNames: '[name].js',
    chunkFileNames: `${CHUNKS}/[name]-[hash].js`,
  });
  await bundle.close();
  removeModules(new Set(output.map(({ fileName }) => fileName)));
}

/** Modules find files beside them; in a chunk each still has to know where it was. */
function markUrls(code, id) {
  return code.replaceAll('import.meta.url', `MODULE_URL(${JSON.stringify(relative(dist, id))})`);
}

function resolveUrls(code, { fileName }) {
  return code.replaceAll(/MODULE_URL\("([^"]*)"\)/g, (_, module) => {
    const path = relative(dirname(fileName), module);
    return `new URL(${JSON.stringify(path.startsWith('.') ? path : `./${path}`)}, import.meta.url).href`;
  });
}

/** @param {Set<string>} kept Files relative to dist. */
function removeModules(kept) {
  for (const path of readdirSync(dist, { recursive: true })) {
    if (path.endsWith('.js') && !path.startsWith('onnxruntime/') && !kept.has(path)) rmSync(join(dist, path));
  }
  const folders = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const folder of folders.map(({ parentPath, name }) => join(parentPath, name)).toReversed()) {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  }
}
