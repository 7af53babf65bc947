import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { nodeFiles, type Files } from '../../src/output/files.ts';
import { createWriter } from '../../src/output/index.ts';
import { openResumable, partNames, type ResumableOptions } from '../../src/resume/resumable.ts';
import type { LabelledBatch } from '../../src/types.ts';

const ROWS = 24;
const write = createWriter('csv', { kind: 'lines' });
const writeOn = createWriter('csv', { kind: 'lines' }, { head: false });
const never = new AbortController().signal;
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
