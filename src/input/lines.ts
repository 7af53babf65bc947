import { listColumns, noColumn } from './column.ts';
import type { Format, Reading } from './format.ts';
import { unwrapMessage } from './json-message.ts';
import { LineSplitter } from './line-splitter.ts';
import { stripPrefix } from './prefix.ts';
import type { Rows } from './rows.ts';
import { columnsOf } from './sniff.ts';
import type { Splitter } from './splitter.ts';
import { decodeText } from './text.ts';

/** Whatever is nothing else. */
export const linesFormat: Format = {
  guess({ text }, { column }) {
    const columns = columnsOf(text);
    if (column !== undefined && text !== '') throw noColumn(columns, column);
    if (columns.length === 0) return readLines('one message a line');
    return readLines(
      `none of its columns ${listColumns(columns)} is known to be the message; choose one with --column`,
    );
  },
  force: () => readLines('one message a line'),
};

function readLines(reason: string): Reading {
  return { reason, layout: { kind: 'lines' }, skip: 0, createSplitter: createLinesSplitter };
}

/**
 * One row a line, blank ones included; the message is the line without what its transport put before it. LF and CRLF end
 * a line, a bare CR does not.
 */
export function createLinesSplitter(rows: Rows): Splitter {
  return new LineSplitter((raw, line, cut) => {
    const message = stripPrefix(raw);
    // What a container wrote as JSON, in a line of its runtime.
    const inner = message !== raw && message.startsWith('{') ? unwrapMessage(decodeText(message)) : undefined;
    if (inner === undefined || cut) rows.add(raw, message, line, cut ? 'cut' : undefined);
    else rows.addText(raw, inner, line);
  }, rows);
}
