// Writes the part of NOTICE below MARK: what travels inside the published package beside the encoder, and what npm
// installs with it. With --check it writes nothing and fails where NOTICE is not up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MARK = '---\n';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = join(root, 'NOTICE');
const notice = readFileSync(path, 'utf8');
const at = notice.indexOf(MARK);
const written = at === -1 ? `${notice.trimEnd()}\n\n` : notice.slice(0, at);
const wanted = `${written}${MARK}\n${runtime()}\n${packages()}`;

if (!process.argv.includes('--check')) writeFileSync(path, wanted);
else if (notice !== wanted) {
  process.stderr.write('NOTICE is not up to date: run "npm run notices".\n');
  process.exitCode = 1;
}

function runtime() {
  const { version, license } = manifest('onnxruntime-node');
  const copyright = copyrightOf(join(root, '.packaging/onnxruntime'));
  return `The published package holds parts of ONNX Runtime ${version} (dist/onnxruntime), ${license} licence, ${copyright}.
Its licence and its own third-party notices lie beside it: dist/onnxruntime/LICENSE and ThirdPartyNotices.txt.
`;
}

function packages() {
  const lines = runtimePackages().map(([name, { license }]) => {
    const copyright = copyrightOf(join(root, 'node_modules', name));
    return `${name.replace(/.*node_modules\//, '')} (${license})${copyright && `, ${copyright}`}`;
  });
  return `npm installs these packages with logiq, each with its licence in its own folder:\n\n${unique(lines).join('\n')}\n`;
}

/** @returns {Array<[string, { license: string }]>} Path below node_modules and facts of every package that users get. */
function runtimePackages() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([folder, { dev, devOptional, peer }]) => folder !== '' && !dev && !devOptional && !peer)
    .map(([folder, facts]) => [folder.slice('node_modules/'.length), facts]);
}

/** @param {string} folder */
function copyrightOf(folder) {
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)/i.test(name));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
  const line = text.match(/copyright (?:\(c\)|©|\d{4}).*$/im)?.[0] ?? '';
  return line.replace(/all rights reserved\.?/i, '').replace(/[\s.]+$/, '');
}

/** @param {string} name */
function manifest(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
}

/** @param {string[]} lines */
function unique(lines) {
  return [...new Set(lines)].toSorted();
}
