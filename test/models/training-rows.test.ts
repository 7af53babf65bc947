import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

type ReadCorpus = (
  folder: string,
  labelled: ReadonlyArray<{ readonly sha256: string; readonly label: string; readonly doubtful: string }>,
) => Promise<object[]>;

const program = new URL('../../models/logiq-base/training-rows.js', import.meta.url);
const { readCorpus } = (await import(program.href)) as { readonly readCorpus: ReadCorpus };
const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

test('labels find their lines in the corpus by hash; every line is taken once, others are left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'logiq-corpus-'));
  await mkdir(join(folder, 'corpus'));
  const raw = ['fan 3 is slow', 'all is well', 'fan 3 is slow'];
  const statements = ['severity\ttemplate\tcontext\trepo\tlanguage', 'error\tdisk <*> is full\tf\tone/two\tc', 'error\tother\tf\tone/two\tc'];
  await writeFile(join(folder, 'corpus/rawlogs.txt.gz'), gzipSync(raw.join('\n')));
  await writeFile(join(folder, 'corpus/logstmt.tsv.gz'), gzipSync(statements.join('\n')));
  const rows = await readCorpus(folder, [
    { sha256: hash('fan 3 is slow'), label: 'hardware', doubtful: '0' },
    { sha256: hash('disk <*> is full'), label: 'resource', doubtful: '1' },
    { sha256: hash('nowhere to be found'), label: 'crash', doubtful: '0' },
  ]);
  await rm(folder, { recursive: true });
  expect(rows).toEqual([
    { message: 'fan 3 is slow', label: 'hardware', weight: 1, system: expect.stringContaining('fan') },
    { message: 'disk <str> is full', label: 'resource', weight: 0.5, system: 'one/two' },
  ]);
});
