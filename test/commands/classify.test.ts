import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

const rulesOnly = ['--embedder', 'none', '--quiet'];

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'logiq-classify-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
  return cwd;
}

test('classify is the default command and reads standard input', async () => {
  const { code, stdout } = await runCli(rulesOnly, {
    stdin: 'kernel: Out of memory: Killed process 71 (java)\nplain words\n',
  });
  expect(code).toBe(0);
  expect(stdout.split('\n').slice(1)).toEqual([
    '1,kernel: Out of memory: Killed process 71 (java),resource,1,regex',
    '2,plain words,Unclassified,0,fallback',
    '',
  ]);
});

test('nothing but rows goes to stdout, the guess and the summary to stderr', async () => {
  const cwd = await folder({ 'in.csv': 'id,message\n7,hello\n' });
  const { stdout, stderr } = await runCli(['in.csv', '--embedder', 'none'], { cwd });
  expect(stdout).toBe('id,message,label,confidence,method\n7,hello,Unclassified,0,fallback\n');
  expect(stderr).toContain('reading in.csv as csv (header has "message", delimiter ",")');
  expect(stderr).toContain('no GROQ_API_KEY');
});

test('--stats writes counts that add up to the rows', async () => {
  const cwd = await folder({ 'in.log': 'segfault at 0 ip 00007f2d sp 00007ffd error 4 in libc.so.6\n\nhello\n' });
  await runCli(['in.log', ...rulesOnly, '--stats', 'stats.json'], { cwd });
  const report = JSON.parse(await readFile(join(cwd, 'stats.json'), 'utf8'));
  const sum = (counts: object): number => Object.values(counts).reduce((a: number, b: number) => a + b, 0);
  expect(report.rows).toBe(3);
  expect(sum(report.methods)).toBe(3);
  expect(sum(report.labels)).toBe(3);
  expect(
    report.blankRows + report.stages.reduce((rows: number, stage: { decided: number }) => rows + stage.decided, 0),
  ).toBe(3);
  expect(report.llm).toMatchObject({ off: 'no key', calls: 0, oneCallARow: { calls: 3 } });
});

test('--stats - writes them to standard output when the rows go elsewhere', async () => {
  const cwd = await folder({ 'in.log': 'hello\n' });
  const { code, stdout } = await runCli(['in.log', ...rulesOnly, '-o', 'out.csv', '--stats', '-'], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ rows: 1 });
  expect(await readdir(cwd)).not.toContain('-');
});

test('--fail-on exits 1 from the number it names, and still writes every row', async () => {
  const cwd = await folder({ 'in.log': 'kernel: Out of memory: Killed process 71 (java)\n'.repeat(2) });
  const twice = await runCli(['in.log', ...rulesOnly, '--fail-on', 'resource>=2'], { cwd });
  const thrice = await runCli(['in.log', ...rulesOnly, '--fail-on', 'resource>=3'], { cwd });
  expect([twice.code, thrice.code]).toEqual([1, 0]);
  expect(twice.stdout).toBe(thrice.stdout);
});

test.each([
  [['--colum', 'x'], "unknown option '--colum'", 'Did you mean --column?'],
  [['in.csv', '--column', 'mesage'], 'no column "mesage"', 'Did you mean "message"?'],
  [['in.cvs'], 'There is no file "in.cvs".', 'Did you mean "in.csv"?'],
  [['in.csv', '--threshold', '2'], '--threshold is "2".', 'a number from 0 to 1'],
  [['in.csv', '--format', 'xlsx'], '--format is "xlsx".', 'csv'],
  [['in.csv', '-o', 'in.csv'], 'same file', 'another file'],
  [['in.csv', '--model', 'nope'], 'There is no model "nope".', 'logiq-base'],
  [['in.csv', '--fail-on', '>=3'], '--fail-on is ">=3".', 'crash>=3'],
  [['in.csv', '--embedder', 'bge-small'], 'bge-small', 'logs-MiniLM-L3'],
])('%o is answered with a way out and exit 2', async (argv, problem, hint) => {
  const cwd = await folder({ 'in.csv': 'id,message\n1,hello\n' });
  const { code, stdout, stderr } = await runCli(argv, { cwd });
  expect(stderr).toContain(problem);
  expect(stderr).toContain(hint);
  expect(stdout).toBe('');
  expect([2, 70]).toContain(code);
});

test('--strict says which line is damaged, also when quiet, and every row is written', async () => {
  const cwd = await folder({ 'in.csv': 'id,message\n1,"open\n2,fine\n' });
  const { code, stdout, stderr } = await runCli(['in.csv', ...rulesOnly, '--strict'], { cwd });
  expect(code).toBe(65);
  expect(stderr).toContain('stray-quote in line 2 of in.csv');
  expect(stdout.trim().split('\n').length).toBe(3);
});

test('a folder is refused as input that cannot be read, exit 66', async () => {
  const { code, stderr } = await runCli(['.', ...rulesOnly], { cwd: await folder({}) });
  expect(code).toBe(66);
  expect(stderr).toContain('is a folder');
});

test('no file and a terminal on stdin: help, exit 2', async () => {
  const { code, stderr, stdout } = await runCli([], { tty: true });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('logiq classify');
});

test('--help and --version go to stdout, exit 0', async () => {
  expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' });
  const help = await runCli(['classify', '--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('--threshold');
});
