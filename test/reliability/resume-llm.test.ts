import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BATCH_TEMPLATES } from '../../src/llm/batches.ts';
import { labels, startFakeGroq, type FakeGroq } from '../helpers/fake-groq.ts';
import { ended, folder, run, start, times } from '../helpers/program.ts';

const KILLS = times(60, 8);
const CONCURRENCY = 2;
const ANSWER_MS = 80;
/** Milliseconds after its first call within which a life ends, so that some are long enough for a checkpoint. */
const LIFE_MS = 1800;
/** More than all lives get answered. */
const TEMPLATES = KILLS * CONCURRENCY * BATCH_TEMPLATES * Math.ceil(LIFE_MS / ANSWER_MS);
const ROWS_OF_A_TEMPLATE = 20;

const cwd = folder();
const log = join(cwd, 'in.log');
const answer = labels((text) => (text.length % 2 === 0 ? 'hardware' : 'routine'));
let server: FakeGroq;
let answerMs = ANSWER_MS;

beforeAll(async () => {
  const rows = Array.from({ length: TEMPLATES * ROWS_OF_A_TEMPLATE }, (_, row) => {
    const template = Math.floor(row / ROWS_OF_A_TEMPLATE);
    return `gizmo ${spelled(template)} wobbled ${row} times\n`;
  });
  writeFileSync(log, rows.join(''));
  server = await startFakeGroq((request, response) => setTimeout(() => answer(request, response), answerMs));
});
afterAll(() => server.close());

/** A number in letters that make no hexadecimal digits: templates keep it. */
function spelled(value: number): string {
  return String(value).replace(/\d/g, (digit) => 'klmnoprstu'[Number(digit)] ?? '');
}

function argv(output: string): string[] {
  const llm = ['--llm-base-url', server.url, '--llm-concurrency', String(CONCURRENCY)];
  return [log, '-o', output, '--resume', '--quiet', '--embedder', 'none', ...llm];
}

function rowsSaved(output: string): number {
  const checkpoint = `${output}.checkpoint`;
  return existsSync(checkpoint) ? (JSON.parse(readFileSync(checkpoint, 'utf8')) as { rows: number }).rows : 0;
}

/** Runs and kills the program at a random moment while it asks. */
async function killedWhileAsking(output: string, home: string) {
  const before = server.requests.length;
  const program = start(argv(output), { HOME: home });
  let stderr = '';
  program.stderr.on('data', (chunk) => (stderr += chunk));
  const end = ended(program);
  while (server.requests.length === before && program.exitCode === null) await sleep(5);
  await sleep(Math.random() * LIFE_MS);
  program.kill('SIGKILL');
  return { ...(await end), stderr };
}

test(
  `after kill -9 while the LLM is asked, ${KILLS} times, the output is byte-identical and only calls in flight are made again`,
  { timeout: 600_000 },
  async () => {
    const output = join(cwd, 'killed.csv');
    const home = join(cwd, 'home');
    const asked = new Set<string>();
    let checkpoints = 0;
    const lifeEnds = (from: number): void => {
      const texts = server.requests.slice(from).flatMap(({ logs }) => logs);
      const again = texts.filter((text) => asked.has(text));
      expect(again.length).toBeLessThanOrEqual(CONCURRENCY * BATCH_TEMPLATES);
      for (const text of texts) asked.add(text);
    };

    for (let kill = 0; kill < KILLS; kill++) {
      const from = server.requests.length;
      expect(await killedWhileAsking(output, home)).toEqual({ code: null, signal: 'SIGKILL', stderr: '' });
      lifeEnds(from);
      if (rowsSaved(output) > 0) checkpoints++;
    }
    answerMs = 0;
    const from = server.requests.length;
    expect(await run(argv(output), '', { HOME: home })).toMatchObject({ code: 0, stderr: '' });
    lifeEnds(from);
    expect(asked.size).toBe(TEMPLATES);
    expect(checkpoints).toBeGreaterThan(0);

    const whole = join(cwd, 'whole.csv');
    await run(argv(whole), '', { HOME: join(cwd, 'other-home') });
    expect(readFileSync(output).equals(readFileSync(whole))).toBe(true);
  },
);
