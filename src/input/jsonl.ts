import type { ByteString } from '../types.ts';
import type { Format, FormatOptions, Reading } from './format.ts';
import { messageOf, parseObject, unwrapMessage } from './json-message.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Rows } from './rows.ts';
import type { Splitter } from './splitter.ts';
import { decodeText } from './text.ts';

/** JSON lines, of whatever logger. */
export const jsonlFormat: Format = {
  guess: ({ text, atEnd }, options) => (looksLikeJsonl(text, atEnd) ? readJsonl(options) : undefined),
  force: (_, options) => readJsonl(options),
};

function readJsonl({ field, column }: FormatOptions): Reading {
  const name = field ?? column;
  return {
    reason: name === undefined ? 'one object a line' : `one object a line, message in ${JSON.stringify(name)}`,
    layout: { kind: 'json' },
    skip: 0,
    createSplitter: (rows) => createJsonlSplitter(rows, name),
  };
}

/**
 * One JSON object a line. Blank lines are no rows; a line that is no object is a row, flagged, and its own message, as
 * is an object without a message.
 *
 * @param field Name of the message; absent: the usual names.
 */
function createJsonlSplitter(rows: Rows, field: string | undefined): Splitter {
  return new LineSplitter((raw, line, cut) => {
    if (raw.trim() === '') return rows.skipBlank(line);
    if (cut) return rows.add(raw, raw, line, 'cut');
    const record = parseObject(decodeText(raw));
    if (!record) return rows.add(raw, raw, line, 'not-json');
    const message = messageOf(record, field);
    if (message === undefined) return rows.addText(raw, decodeText(raw), line);
    // Docker ends its `log` with a line end and puts there whatever JSON the container wrote.
    const text = message.trimEnd();
    return rows.addText(raw, unwrapMessage(text) ?? text, line);
  }, rows);
}

/** Lines of the head that are looked at. */
const SAMPLED_LINES = 64;

/** Whether at least half of the first lines are JSON objects; of one line that is not whole, whether it begins as one. */
function looksLikeJsonl(head: ByteString, atEnd: boolean): boolean {
  const lines = head.split('\n', SAMPLED_LINES + 1);
  const whole = atEnd || lines.length > SAMPLED_LINES ? lines : lines.slice(0, -1);
  const filled = whole.map((line) => line.trim()).filter((line) => line !== '');
  if (filled.length === 0) return /^\s*\{\s*"/.test(head);
  return filled.filter((line) => line.startsWith('{') && parseObject(decodeText(line))).length * 2 >= filled.length;
}
