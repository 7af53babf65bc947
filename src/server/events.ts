import type { RecordStream } from '../input/index.ts';
import { decodeText, stripEscapes } from '../input/text.ts';
import type { Writer } from '../output/writer.ts';
import { toTemplate } from '../template/normalise.ts';
import type { LabelledBatch } from '../types.ts';

/** Characters of a message and of a template that are shown. */
const SHOWN_CHARACTERS = 2000;

/**
 * Labelled rows as JSON lines for a program that shows them as they come and keeps the labelled file:
 *
 * - first `{"format","reason","head"}`: the input's format and what stands before the first row of the output,
 * - then one line a batch `{"first_row","rows":[{"message","label","confidence","method","rule"?,"template"?}],"output"}`,
 * - last `{"done":true,"damage"}`.
 *
 * `head` and `output` are bytes of the labelled file, a character a byte (0 to 255); joined they are the file.
 */
export async function* toEvents(
  batches: AsyncIterable<LabelledBatch>,
  write: Writer,
  input: RecordStream,
): AsyncGenerator<Uint8Array, void, undefined> {
  let current: LabelledBatch | undefined;
  async function* watched(): AsyncGenerator<LabelledBatch> {
    for await (const batch of batches) {
      current = batch;
      yield batch;
    }
  }

  let isTold = false;
  const tell = (head: string): Uint8Array => {
    isTold = true;
    return line({ format: input.format, reason: input.reason, head });
  };
  for await (const chunk of write(watched())) {
    const output = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    if (current === undefined) yield tell(output);
    else {
      if (!isTold) yield tell('');
      yield line({ first_row: current.firstRow, rows: rowsOf(current), output });
    }
  }
  if (!isTold) yield tell('');
  const { 'blank-line': _notDamage, ...damage } = input.damage;
  yield line({ done: true, damage });
}

function rowsOf({ raws, texts, events, verdicts }: LabelledBatch): object[] {
  return verdicts.map(({ label, confidence, method, rule }, index) => {
    // The first row of an event has the text of all its rows.
    const text = texts[index] ?? '';
    const own = events ? stripEscapes(decodeText(raws[index] ?? '')) : text;
    return {
      message: own.slice(0, SHOWN_CHARACTERS),
      label,
      confidence: Math.round(confidence * 10_000) / 10_000,
      method,
      ...(rule !== undefined && { rule }),
      ...(text !== '' && { template: toTemplate(text).slice(0, SHOWN_CHARACTERS) }),
    };
  });
}

function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
