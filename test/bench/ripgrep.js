// Rules alone beside ripgrep counting the lines that the same patterns match: `node test/bench/ripgrep.js [LOG] [rounds]`.
// Takes turns, so that the ratio holds on a busy machine. LOG defaults to 100 MB of make-log.js, kept in the temporary
// folder. Patterns that look around are left out of ripgrep's list, as its default engine has no such thing.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRules } from '../../dist/rules/load.js';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const [, , log = madeLog(), rounds = '3'] = process.argv;
const rules = await loadRules(path('../../models/logiq-base/rules.yaml'));
const patterns = rules.map(({ pattern, flags }) => `${flags === 'i' ? '(?i)' : ''}${pattern}`).filter(isTaken);
const list = join(mkdtempSync(join(tmpdir(), 'logiq-ripgrep-')), 'patterns');
writeFileSync(list, `${patterns.join('\n')}\n`);

const lines = readFileSync(log, 'latin1').split('\n').length - 1;
const runs = {
  'logiq, rules only, to CSV': [process.execPath, path('../../bin/logiq.js'), '--embedder', 'none', '-q', log],
  'rg -c, one thread': ['rg', '--threads', '1', '--text', '-c', '-f', list, log],
};
const seconds = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, argv] of Object.entries(runs)) seconds[name].push(cpuSeconds(argv));
}
console.log(
  `${lines} lines, ${rules.length} rules, ${patterns.length} patterns for rg; the best of ${rounds} rounds\n`,
);
console.log('| run | CPU s | lines a CPU second |\n| --- | --- | --- |');
for (const [name, all] of Object.entries(seconds)) {
  const best = Math.min(...all);
  console.log(`| ${name} | ${best.toFixed(2)} | ${Math.round(lines / best).toLocaleString('en-US')} |`);
}

function madeLog() {
  const file = join(tmpdir(), 'logiq-bench-100MB.lines');
  if (existsSync(file)) return file;
  const out = openSync(file, 'w');
  spawnSync(process.execPath, [path('make-log.js'), '100MB', 'lines'], { stdio: ['ignore', out, 'inherit'] });
  closeSync(out);
  return file;
}

function isTaken(pattern) {
  const { error, status } = spawnSync('rg', ['-e', pattern, '/dev/null']);
  if (error) throw new Error('ripgrep is not there: apt-get install ripgrep', { cause: error });
  return status !== 2;
}

/** User and system time of a command whose rows go nowhere. */
function cpuSeconds(argv) {
  const timed = ['-c', 'TIMEFORMAT="%U %S"; time "$@" > /dev/null', 'bash', ...argv];
  const { stderr } = spawnSync('bash', timed, { encoding: 'utf8' });
  const [user, system] = stderr.trim().split(/\s+/).slice(-2).map(Number);
  return user + system;
}
