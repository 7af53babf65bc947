import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

const rulesOnly = ['--embedder', 'none', '--quiet'];

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'logiq-many-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), content);
  }
  return cwd;
}

const logs = { 'logs/a.log': 'one\ntwo\n', 'logs/sub/b.log': 'three\n' };

test('several files share an output with one header and a column that names them', async () => {
  const { code, stdout } = await runCli(['logs', ...rulesOnly], { cwd: await folder(logs) });
  expect(code).toBe(0);
  expect(stdout).toBe(
    'line,message,label,confidence,method,file\n' +
      '1,one,Unclassified,0,fallback,logs/a.log\n' +
      '2,two,Unclassified,0,fallback,logs/a.log\n' +
      '1,three,Unclassified,0,fallback,logs/sub/b.log\n',
  );
});

test('a column of that name stays the input its own', async () => {
  const cwd = await folder({ 'a.csv': 'file,message\nx,one\n', 'b.csv': 'file,message\ny,two\n' });
  expect((await runCli(['a.csv', 'b.csv', ...rulesOnly], { cwd })).stdout).toBe(
    'file,message,label,confidence,method,logiq_file\n' +
      'x,one,Unclassified,0,fallback,a.csv\n' +
      'y,two,Unclassified,0,fallback,b.csv\n',
  );
});

test('the byte order mark of the first file stands first, and no other', async () => {
  const cwd = await folder({
    'a.csv': '\ufeffmessage\none\n',
    'b.csv': '\ufeffmessage\ntwo\n',
    'c.csv': 'message\nthree\n',
  });
  const marks = async (...argv: string[]) => (await runCli([...argv, ...rulesOnly], { cwd })).stdout.split('\ufeff');
  expect(await marks('a.csv', 'b.csv')).toEqual([
    '',
    'message,label,confidence,method,file\none,Unclassified,0,fallback,a.csv\ntwo,Unclassified,0,fallback,b.csv\n',
  ]);
  expect(await marks('c.csv', 'a.csv')).toHaveLength(1);
  const piped = await runCli(rulesOnly, { stdin: '\ufeffmessage\none\n' });
  expect(piped.stdout).toBe('\ufeffmessage,label,confidence,method\none,Unclassified,0,fallback\n');
});

test('inputs whose columns differ share no header, but may be objects', async () => {
  const cwd = await folder({ 'a.csv': 'id,message\n1,one\n', 'b.log': 'two\n' });
  const refused = await runCli(['a.csv', 'b.log', '-o', 'out.csv', ...rulesOnly], { cwd });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--out-dir');
  await expect(readFile(join(cwd, 'out.csv'))).rejects.toThrow('ENOENT');

  const { stdout } = await runCli(['a.csv', 'b.log', '--format', 'jsonl', ...rulesOnly], { cwd });
  const objects = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { message: string; file: string });
  expect(objects.map(({ message, file }) => [message, file])).toEqual([
    ['one', 'a.csv'],
    ['two', 'b.log'],
  ]);
});

test('--out-dir writes what each file alone would have given', async () => {
  const cwd = await folder({ ...logs, 'logs/t.csv': 'id,message\n1,one\n' });
  const { code, stdout } = await runCli(['logs', '--out-dir', 'out', ...rulesOnly], { cwd });
  expect([code, stdout]).toEqual([0, '']);
  for (const [input, output] of [
    ['logs/a.log', 'out/a.log.csv'],
    ['logs/sub/b.log', 'out/sub/b.log.csv'],
    ['logs/t.csv', 'out/t.csv'],
  ] as const) {
    const alone = await runCli([input, ...rulesOnly], { cwd });
    expect(await readFile(join(cwd, output), 'utf8')).toBe(alone.stdout);
  }
});

test.each([
  [['logs', '--out-dir', 'logs'], 'same file'],
  [['logs/t.csv', 'other/t.csv', '--out-dir', 'out'], 'have the same name'],
  [['logs', '--out-dir', 'out', '-o', 'x.csv'], 'two places'],
  [['logs', '-o', 'logs/t.csv'], 'same file'],
  [['logs', '--resume', '-o', 'x.csv'], 'take one file'],
  [['logs/a.log', '--resume'], 'needs a file'],
  [['-', '--resume', '-o', 'x.csv'], 'take one file'],
  [['logs/a.log', '-f', '-o', 'x.csv'], 'has no end'],
  [['logs', '-f'], 'take one file'],
  [['nothing*.log'], 'No file matches'],
])('%o is refused before anything is written, exit 2', async (argv, reason) => {
  const cwd = await folder({ ...logs, 'logs/t.csv': 'id,message\n1,one\n', 'other/t.csv': 'id,message\n1,one\n' });
  const { code, stderr } = await runCli([...argv, ...rulesOnly], { cwd });
  expect(stderr).toContain(reason);
  expect(code).toBe(2);
  expect(await readFile(join(cwd, 'logs/t.csv'), 'utf8')).toBe('id,message\n1,one\n');
});

test('binary files of a folder are told in one line, also when quiet; the others are labelled', async () => {
  const cwd = await folder({ ...logs, 'logs/core': '\x7fELF\x02\0\0', 'logs/sub/wtmp': '\x02\0\0\0' });
  const { code, stdout, stderr } = await runCli(['logs', ...rulesOnly], { cwd });
  expect({ code, rows: stdout.trim().split('\n').length - 1 }).toEqual({ code: 0, rows: 3 });
  expect(stderr).toBe('leaving out 2 binary files: logs/core, logs/sub/wtmp\n');
});

test('a folder of binary files alone is an error with the way out, and a binary file that is named is read', async () => {
  const cwd = await folder({ 'bin/core': '\x7fELF\x02\0\0' });
  const refused = await runCli(['bin', ...rulesOnly], { cwd });
  expect(refused.code).toBe(66);
  expect(refused.stderr).toContain('the only one is binary');
  expect((await runCli(['bin/core', ...rulesOnly], { cwd })).code).toBe(0);
});

const trace = 'kernel: Out of memory: Killed process 71 (java)\nERROR failed\n\tat a.B.c(B.java:1)\nplain\n';

test('rows of one event have one label, in every format, and --multiline auto numbers them', async () => {
  const cwd = await folder({ 'in.log': trace });
  const { stdout } = await runCli(['in.log', '--multiline', 'auto', ...rulesOnly], { cwd });
  expect(stdout.split('\n').map((row) => row.split(',').at(-1))).toEqual(['event', '1', '2', '2', '3', '']);
  const off = await runCli(['in.log', '--multiline', 'off', ...rulesOnly], { cwd });
  expect(off.stdout.split('\n')[0]).toBe('line,message,label,confidence,method');
  const objects = await runCli(['in.log', '--explain', '--format', 'jsonl', ...rulesOnly], { cwd });
  expect(
    objects.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: number }).event),
  ).toEqual([1, 2, 2, 3]);
});

test('rows of an event are counted like any others', async () => {
  const cwd = await folder({ 'in.log': trace });
  await runCli(['in.log', '--stats', 'stats.json', ...rulesOnly], { cwd });
  const report = JSON.parse(await readFile(join(cwd, 'stats.json'), 'utf8'));
  expect(report).toMatchObject({ rows: 4, blankRows: 0, labels: { resource: 1, Unclassified: 3 } });
  expect(report.stages.reduce((sum: number, { decided }: { decided: number }) => sum + decided, 0)).toBe(4);
});

test('JSON lines of a container are grouped and keep a member named event', async () => {
  const line = (log: string) => `${JSON.stringify({ log: `${log}\n`, event: 'mine' })}\n`;
  const cwd = await folder({ 'in.json': line('ERROR failed') + line('\tat a.B.c(B.java:1)') });
  const { stdout } = await runCli(['in.json', '--multiline', 'auto', ...rulesOnly], { cwd });
  expect(
    stdout
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as object),
  ).toMatchObject([
    { event: 'mine', logiq_event: 1 },
    { event: 'mine', logiq_event: 1 },
  ]);
});
