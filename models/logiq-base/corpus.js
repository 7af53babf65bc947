// The public text without labels, in corpus/ of a folder that is not part of the project.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** @returns {AsyncIterable<string>} Lines of real logs. */
export function rawLines(folder) {
  return lines(join(folder, 'corpus', 'rawlogs.txt.gz'));
}

/** @returns {AsyncGenerator<{ template: string, repository: string }>} Log statements of public repositories; variables are `<*>`. */
export async function* logStatements(folder) {
  let isHeader = true;
  for await (const line of lines(join(folder, 'corpus', 'logstmt.tsv.gz'))) {
    const [, template = '', , repository = ''] = line.split('\t');
    if (!isHeader) yield { template, repository };
    isHeader = false;
  }
}

function lines(path) {
  return createInterface({ input: createReadStream(path).pipe(createGunzip()) });
}
