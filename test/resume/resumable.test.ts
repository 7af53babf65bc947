import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { nodeFiles, type Files } from '../../src/output/files.ts';
import { createWriter } from '../../src/output/index.ts';
import { processIdentity } from '../../src/resume/process-identity.ts';
import { openResumable, partNames, type ResumableOptions } from '../../src/resume/resumable.ts';
import type { LabelledBatch } from '../../src/types.ts';

const ROWS = 24;
const write = createWriter('csv', { kind: 'lines' });
const writeOn = createWriter('csv', { kind: 'lines' }, { head: false });
const never = new AbortController().signal;
const isLinux = processIdentity('self') !== null;
let output = '';

beforeEach(async () => {
  output = join(await mkdtemp(join(tmpdir(), 'logiq-resume-')), 'out.csv');
});

/** A checkpoint after every batch, because time jumps. */
function options(changes: Partial<ResumableOptions> = {}): ResumableOptions {
  let now = 0;
  return { output, input: { bytes: 9 }, configuration: { threshold: 0.5 }, now: () => (now += 5000), ...changes };
}

/** Rows `from` to `ROWS`, two a batch; before row `failAt` it fails. */
async function* rows(from: number, failAt = Infinity): AsyncGenerator<LabelledBatch> {
  for (let row = from; row <= ROWS; row += 2) {
    if (row >= failAt) throw new Error('stopped');
    const raws = [`row ${row}`, `row ${row + 1}`];
    yield {
      firstRow: row,
      raws,
      texts: raws,
      verdicts: raws.map(() => ({ label: 'routine', confidence: 1, method: 'regex' }) as const),
      start: { offset: row * 10, row, line: row },
    };
  }
}

const whole = `line,message,label,confidence,method\n${Array.from({ length: ROWS }, (_, i) => `${i + 1},row ${i + 1},routine,1,regex\n`).join('')}`;

async function resume(changes: Partial<ResumableOptions> = {}): Promise<void> {
  const resumable = await openResumable(options(changes));
  await resumable.write(resumable.hasHead ? writeOn : write, rows(resumable.rows + 1), never);
}

test('a run that is not stopped leaves the output alone behind', async () => {
  await resume();
  expect(await readFile(output, 'utf8')).toBe(whole);
  expect(await readdir(join(output, '..'))).toEqual(['out.csv']);
});

test('a run that failed goes on where its rows end, from a point at or before it', async () => {
  const first = await openResumable(options());
  await expect(first.write(write, rows(1, 21), never)).rejects.toThrow('stopped');
  expect(existsSync(output)).toBe(false);

  const second = await openResumable(options());
  expect(second).toMatchObject({ rows: 20, hasHead: true, from: { offset: 190, row: 19, line: 19 } });
  await second.write(writeOn, rows(21), never);
  expect(await readFile(output, 'utf8')).toBe(whole);
});

test('rows that were written after the last checkpoint are written once', async () => {
  const first = await openResumable(options());
  await expect(first.write(write, rows(1, 21), never)).rejects.toThrow('stopped');
  await writeFile(partNames(output).part, 'half a ro', { flag: 'a' });
  await resume();
  expect(await readFile(output, 'utf8')).toBe(whole);
});

test('an abort leaves a checkpoint and no output', async () => {
  const stop = new AbortController();
  async function* until(row: number): AsyncGenerator<LabelledBatch> {
    for await (const batch of rows(1)) {
      if (batch.firstRow >= row) stop.abort();
      if (stop.signal.aborted) return;
      yield batch;
    }
  }
  const first = await openResumable(options());
  await first.write(write, until(11), stop.signal);
  expect(existsSync(output)).toBe(false);
  expect((await openResumable(options())).rows).toBe(10);
  await resume();
  expect(await readFile(output, 'utf8')).toBe(whole);
});

test.each([
  [{ input: { bytes: 10 } }, /another input: bytes was 9 and is 10/],
  [{ configuration: { threshold: 0.7 } }, /other settings: threshold was 0\.5 and is 0\.7/],
  [{ configuration: { threshold: 0.5, rules: 'abc' } }, /rules was not set and is abc/],
])('a change is refused, and said: %j', async (changes, reason) => {
  const first = await openResumable(options());
  await expect(first.write(write, rows(1, 21), never)).rejects.toThrow('stopped');
  await expect(openResumable(options(changes))).rejects.toMatchObject({
    code: 'E_RESUME',
    message: expect.stringMatching(reason),
  });
});

test.each(['', '{', '{"version":2}', 'null', '[]'])('a damaged checkpoint is refused: %j', async (text) => {
  await writeFile(partNames(output).checkpoint, text);
  await expect(openResumable(options())).rejects.toMatchObject({ code: 'E_RESUME' });
});

test('a checkpoint whose rows are gone is refused', async () => {
  const first = await openResumable(options());
  await expect(first.write(write, rows(1, 21), never)).rejects.toThrow('stopped');
  await writeFile(partNames(output).part, '');
  await expect(openResumable(options())).rejects.toMatchObject({ code: 'E_RESUME' });
});

test('a run whose process is alive is not resumed, one that was killed is', { skip: !isLinux }, async () => {
  const first = await openResumable(options());
  await expect(first.write(write, rows(1, 21), never)).rejects.toThrow('stopped');
  const { checkpoint } = partNames(output);
  const other = spawn('sleep', ['100']);
  const writer = processIdentity(other.pid ?? 0);
  await writeFile(checkpoint, JSON.stringify({ ...JSON.parse(await readFile(checkpoint, 'utf8')), writer }));

  await expect(resume()).rejects.toMatchObject({
    code: 'E_RESUME',
    message: expect.stringContaining(`process ${other.pid} is still writing`) as unknown,
  });
  other.kill('SIGKILL');
  await once(other, 'close');
  await resume();
  expect(await readFile(output, 'utf8')).toBe(whole);
});

test('while a run writes, its checkpoint says so; once it has stopped, no more', { skip: !isLinux }, async () => {
  const { checkpoint } = partNames(output);
  const writers: unknown[] = [];
  const note = async (): Promise<void> => void writers.push(JSON.parse(await readFile(checkpoint, 'utf8')).writer);
  async function* watched(): AsyncGenerator<LabelledBatch> {
    await note();
    yield* rows(1, 3);
  }
  const first = await openResumable(options());
  await expect(first.write(write, watched(), never)).rejects.toThrow('stopped');
  await note();
  expect(writers).toEqual([processIdentity('self'), null]);
});

test('a dead process that nobody has waited for counts as dead', { skip: !isLinux }, async () => {
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 100']);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  await expect.poll(() => readFile(`/proc/${Number(line)}/stat`, 'utf8'), { timeout: 10_000 }).toMatch(/\) Z /);
  expect(processIdentity(Number(line))).toBeNull();
  parent.kill();
});

test('two runs that write at once are told, and the output is whole once one is left', async () => {
  let go = (): void => {};
  const wait = new Promise<void>((resolve) => (go = resolve));
  async function* paused(): AsyncGenerator<LabelledBatch> {
    for await (const batch of rows(1)) {
      if (batch.firstRow === 11) await wait;
      yield batch;
    }
  }
  const first = await openResumable(options());
  const writing = first.write(write, paused(), never);
  await expect.poll(async () => (await openResumable(options())).rows).toBe(10);
  const second = await openResumable(options());
  await expect(second.write(writeOn, rows(11, 17), never)).rejects.toThrow('stopped');
  go();
  await expect(writing).rejects.toMatchObject({
    code: 'E_RESUME',
    message: expect.stringContaining('Another run') as unknown,
  });
  await resume();
  expect(await readFile(output, 'utf8')).toBe(whole);
});

test('the output keeps the mode of the one it replaces', async () => {
  await writeFile(output, 'old', { mode: 0o640 });
  await resume();
  expect((await stat(output)).mode & 0o777).toBe(0o640);
});

const operations = ['write', 'datasync', 'sync', 'writeFile', 'rename', 'open', 'truncate'] as const;

/** The real files, but for the n-th call of one operation. */
function failing(operation: (typeof operations)[number], at: number): Files & { readonly failed: () => boolean } {
  let calls = 0;
  let failed = false;
  const guard = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    if (name === operation && ++calls === at) {
      failed = true;
      throw Object.assign(new Error(`ENOSPC: ${name}`), { code: 'ENOSPC', syscall: name });
    }
    return run();
  };
  return {
    ...nodeFiles,
    failed: () => failed,
    rename: (from, to) => guard('rename', () => nodeFiles.rename(from, to)),
    async open(...args: Parameters<Files['open']>) {
      const handle = await guard('open', () => nodeFiles.open(...args));
      return new Proxy(handle, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...given: unknown[]) =>
            (operations as readonly string[]).includes(String(name))
              ? guard(String(name), () => Reflect.apply(value, target, given) as Promise<unknown>)
              : (Reflect.apply(value, target, given) as unknown);
        },
      });
    },
  };
}

test.each(operations)(
  'whatever call of %s fails, the old output stays and a resumed run is whole',
  { timeout: 120_000 },
  async (operation) => {
    let failures = 0;
    for (let at = 1; ; at++) {
      output = join(await mkdtemp(join(tmpdir(), 'logiq-resume-')), 'out.csv');
      await writeFile(output, 'old');
      const files = failing(operation, at);
      const outcome = await resume({ files }).then(
        () => 'done' as const,
        (error: { code: string }) => error.code,
      );
      if (!files.failed()) break;
      failures++;
      expect(outcome).toBe('E_OUTPUT_WRITE');
      expect(await readFile(output, 'utf8')).toBe('old');
      await resume();
      expect(await readFile(output, 'utf8')).toBe(whole);
    }
    expect(failures).toBeGreaterThan(0);
  },
);
