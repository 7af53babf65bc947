import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Estimate } from '../../src/evaluation/bootstrap.ts';
import type { ModelEvaluation } from '../../src/evaluation/evaluation.ts';
import { runCli } from '../helpers/run-cli.ts';

interface Report {
  readonly exam: Readonly<Record<string, unknown>>;
  readonly text: { readonly rows: number; readonly templates: number };
  readonly systems: readonly SystemReport[];
  readonly ahead: ReadonlyArray<{ readonly of: string; readonly accuracy: Estimate }>;
}

interface SystemReport {
  readonly name: string;
  readonly macroF1: Estimate;
  readonly accuracy: Estimate;
  readonly coveredAt90: Estimate;
  readonly coveredAt95: Estimate;
  readonly ece: Estimate | null;
  readonly accuracyByDataset: Readonly<Record<string, Estimate>>;
  readonly abstention: ReadonlyArray<{
    readonly answered: Estimate;
    readonly precision: Estimate;
    readonly noLabelAbstained: Estimate | null;
    readonly foreignAbstained: Estimate;
  }>;
}

const program = fileURLToPath(new URL('../../models/exam/exam.js', import.meta.url));
const THINGS = ['alpha', 'beta', 'gamma', 'delta', 'omega', 'sigma', 'kappa', 'lambda'];
// labels that logiq-base does not have keep its text out, which would take minutes
const TRAINING = [
  'message,label',
  ...THINGS.map((thing) => `disk of ${thing} is full,full_disk`),
  ...THINGS.map((thing) => `login refused for ${thing},refusal`),
].join('\n');
const TEMPLATES = [
  'label\tdoubtful\trepository\ttemplate',
  ...THINGS.map((thing) => `full_disk\t0\tone/${thing}\tdisk of ${thing} is full`),
  ...THINGS.map((thing) => `refusal\t0\tone/${thing}\tlogin refused for ${thing}`),
  'routine\t0\tone/two\tonce in a label that the model does not have: <*>',
  '',
].join('\n');
const LINES = 'label\tdoubtful\tfamily\tsource\tline\nrefusal\t1\tsshd\tsshd\t"token" of tau is <*> days old\n';
const RULES = `
- { id: disk, label: full_disk, pattern: 'disk', match: ['disk full'], reject: ['all well'] }
- { id: login, label: refusal, pattern: 'login', match: ['login refused'], reject: ['all well'] }
`;
const LABELLED = [
  'id,dataset,label,message',
  ...THINGS.map((thing, at) => `${at},one,full_disk,disk of ${thing} and rho is full`),
  '10,two,refusal,login refused for rho',
  '11,two,refusal,no login while the disk is locked',
  '12,two,refusal,password of tau is wrong',
  '13,two,refusal,password of rho is wrong',
];
const NO_LABEL = ['20,three,Unclassified,violets are blue', '21,three,Unclassified,a disk of vinyl'];
const TRAINED_ON = ['30,crowdsec,refusal,denied: omicron', '31,crowdsec,refusal,denied: upsilon'];

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 }); // each run of the program embeds and fits

let dir: string;
let report: Report;
let printed: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logiq-exam-'));
  await Promise.all(['folder/model', 'folder/data', 'folder/corpus'].map((path) => mkdir(join(dir, path), { recursive: true })));
  await writeFile(join(dir, 'folder/model/labelled_templates.tsv'), TEMPLATES);
  await writeFile(join(dir, 'folder/model/labelled_lines.tsv'), LINES);
  for (const name of ['rawlogs.txt.gz', 'logstmt.tsv.gz']) await writeFile(join(dir, 'folder/corpus', name), gzipSync(''));
  await writeFile(join(dir, 'folder/data/dev_v1.csv'), [...LABELLED, ...NO_LABEL, ...TRAINED_ON].join('\n'));
  await writeFile(join(dir, 'labelled.csv'), LABELLED.join('\n'));
  await writeFile(join(dir, 'train.csv'), TRAINING);
  await cli('train', 'train.csv', '-o', 'mine', '--c', '3', '-q');
  await writeFile(join(dir, 'mine/rules.yaml'), RULES);
  ({ report, printed } = await reportOf('folder'));
});
afterAll(() => rm(dir, { recursive: true }));

const cli = (...argv: string[]): ReturnType<typeof runCli> => runCli(argv, { cwd: dir, env: { XDG_CACHE_HOME: dir } });

function exam(...argv: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], HOME: dir, XDG_CACHE_HOME: dir };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...argv, '--model', './mine'], { cwd: dir, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

async function reportOf(...argv: string[]): Promise<{ report: Report; printed: string }> {
  const { code, stdout, stderr } = await exam(...argv, '--json', 'report.json');
  expect(code, stderr).toBe(0);
  return { report: JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as Report, printed: stdout };
}

function systemOf({ systems }: Report, name: string): SystemReport {
  const found = systems.find((system) => system.name === name);
  return found ?? expect.fail(`no system "${name}"`);
}

test('the figures of the rules are those that one counts by hand', () => {
  expect(report.exam).toMatchObject({ rows: 12, templates: 12, noLabelRows: 2, foreignRows: 67, seenTemplateRows: 0 });
  const rules = systemOf(report, 'rules alone');
  expect(rules.accuracy.value).toBe(9 / 12);
  expect(rules.macroF1.value).toBeCloseTo((16 / 17 + 2 / 5) / 2, 12);
  expect(rules.coveredAt90.value).toBe(10 / 12); // 10 answers, 9 of them right
  expect(rules.coveredAt95.value).toBe(0);
  expect(rules.ece).toBeNull();
  expect(rules.accuracyByDataset).toEqual({
    one: { value: 1, low: 1, high: 1 },
    two: expect.objectContaining({ value: 0.25 }) as unknown,
  });
  expect(rules.abstention).toHaveLength(1);
  expect(rules.abstention[0]).toMatchObject({
    threshold: null,
    answered: { value: 10 / 12 },
    precision: { value: 0.9 },
    noLabelAbstained: { value: 0.5 },
    foreignAbstained: { value: 1 },
  });
});

test('the text is that of the folder, and a dataset that it holds is left out', () => {
  expect(report.text).toEqual({ rows: 19, templates: 19 }); // 16 templates, a line, 2 rows that were trained on
  expect(report.exam['without']).toEqual(['crowdsec']);
});

test('other datasets can be left out, and the same rows give the same figures', async () => {
  const { exam: found, systems } = (await reportOf('folder', '--without', 'three,crowdsec')).report;
  expect(found).toMatchObject({ rows: 12, noLabelRows: 0, without: ['three', 'crowdsec'] });
  const scores = (of: readonly SystemReport[]): unknown => of.map((system) => ({ ...system, abstention: [] }));
  expect(scores(systems)).toEqual(scores(report.systems));
});

test('the model as shipped scores what logiq eval says, intervals included', async () => {
  const { stdout } = await cli('eval', 'labelled.csv', '--model', 'mine', '--json', '-q');
  const expected = JSON.parse(stdout) as ModelEvaluation;
  const { report: found } = await reportOf('folder', '--rows', 'labelled.csv');
  const shipped = systemOf(found, 'as shipped');
  expect(shipped.accuracy).toEqual(expected.accuracy);
  expect(shipped.macroF1.low).toBeCloseTo(expected.macroF1.low, 12);
  expect(shipped.macroF1.high).toBeCloseTo(expected.macroF1.high, 12);
  expect(shipped.ece?.value).toBeCloseTo(expected.ece, 12);
  expect([shipped.coveredAt90.value, shipped.coveredAt95.value]).toEqual([
    expected.coverageAt.p90,
    expected.coverageAt.p95,
  ]);
  expect(shipped.abstention[0]?.answered.value).toBeCloseTo(1 - expected.llm.share, 12);
  expect(shipped.abstention[0]?.noLabelAbstained).toBeNull();
  expect(found.ahead.find(({ of }) => of === 'rules alone')?.accuracy.value).toBeCloseTo(
    shipped.accuracy.value - systemOf(found, 'rules alone').accuracy.value,
    12,
  );
});

test('every baseline learns from the text and has a threshold of its own besides', () => {
  expect(report.systems.map(({ name }) => name)).toEqual([
    'rules alone',
    'TF-IDF + LR',
    'encoder + LR',
    'nearest centroid',
    'n-grams alone',
    'classifier alone',
    'as shipped',
  ]);
  for (const { accuracyByDataset, abstention, ece } of report.systems.slice(1, 4)) {
    expect(accuracyByDataset['one']?.value).toBe(1);
    expect(abstention).toHaveLength(2);
    expect(ece?.value).toBeGreaterThan(0);
  }
});

test('the tables fit into 100 columns and hold the figures of the JSON', () => {
  const rows = printed.split('\n').filter((line) => line.startsWith('|'));
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(100);
  const { value } = systemOf(report, 'rules alone').macroF1;
  expect(printed).toMatch(new RegExp(String.raw`^\| rules alone +\| 0\.750 \.\d\d–[.\d]+ +\| ${value.toFixed(3)} .*\| 0\.000 \.00–`, 'm'));
  expect(printed).toMatch(/^\| two +\| 4 +\| 0\.250 /m);
});

test.each([
  ['a folder that is not there', ['nowhere'], "The labelled text of nowhere cannot be read: ENOENT"],
  ['a folder without a file', ['mine'], 'Name a folder that holds model/labelled_templates.tsv'],
  ['rows without labels', ['folder', '--rows', 'mine/metadata.json'], 'error: '],
  ['rows without datasets', ['folder', '--rows', 'train.csv'], 'has no column "id"'],
  ['an unknown dataset', ['folder', '--without', 'thre'], 'Did you mean "three"?'],
  ['no labelled row', ['folder', '--without', 'one,two,crowdsec'], 'no row with a label is left'],
  ['an unknown flag', ['folder', '--jason', 'x'], "unknown option '--jason'"],
])('%s is an error that says so', async (_, argv, said) => {
  const { code, stdout, stderr } = await exam(...argv);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(said);
});

test('a report that could not be written is an error before the work begins', async () => {
  const { code, stderr } = await exam('folder', '--json', 'no/such/folder.json');
  expect(code, stderr).toBe(74);
  expect(stderr).toMatch(/^error: .*folder\.json cannot be written/);
});
