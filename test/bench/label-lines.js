// Labels lines as installed, rules included: `node test/bench/label-lines.js BATCH THREADS`. From a JSON array of messages on
// stdin to a JSON array of {label, confidence, method} on stdout.
import { json } from 'node:stream/consumers';
import { openCascade } from '../../dist/cascade.js';
import { runPipeline } from '../../dist/pipeline.js';
import { createRunStats } from '../../dist/stats/run-stats.js';

const [batchRows, threads] = process.argv.slice(2).map(Number);
const lines = await json(process.stdin);
const { signal } = new AbortController();
const settings = { model: 'logiq-base', threads, device: 'cpu', offline: true };
const cascade = await openCascade(settings, { cwd: process.cwd(), env: {} });
const verdicts = [];
for await (const batch of runPipeline(toBatches(lines), cascade.stages, { signal, stats: createRunStats(() => 0) })) {
  verdicts.push(...batch.verdicts.map(({ label, confidence, method }) => ({ label, confidence, method })));
}
await cascade.close();
process.stdout.write(JSON.stringify(verdicts));

async function* toBatches(messages) {
  for (let from = 0; from < messages.length; from += batchRows) {
    const texts = messages.slice(from, from + batchRows);
    yield { firstRow: from + 1, raws: texts.map(() => ''), texts };
  }
}
