import type { ByteString } from '../types.ts';
import type { Format, FormatOptions, Reading } from './format.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Rows } from './rows.ts';
import type { Splitter } from './splitter.ts';

/** `key=value`, the value bare or in quotes with backslash escapes. */
const PAIR = /([\w.@/-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?:\s+|$)/y;

/** Names of the message, best first. */
const NAMES = ['log_message', 'message', 'msg', 'log', 'text', 'event', 'err', 'error'] as const;

/** Lines of `key=value` pairs. */
export const logfmtFormat: Format = {
  guess: ({ text, atEnd }, options) => (looksLikeLogfmt(text, atEnd, options) ? readLogfmt(options) : undefined),
  force: (_, options) => readLogfmt(options),
};

function readLogfmt({ field, column }: FormatOptions): Reading {
  const name = field ?? column;
  return {
    reason: name === undefined ? 'key=value pairs' : `key=value pairs, message in ${JSON.stringify(name)}`,
    layout: { kind: 'lines' },
    skip: 0,
    createSplitter: (rows) => createLogfmtSplitter(rows, name),
  };
}

/**
 * One line of `key=value` pairs a row; the message is the value of its message key, or the line where it has none.
 *
 * @param field Key of the message; absent: the usual names.
 */
function createLogfmtSplitter(rows: Rows, field: string | undefined): Splitter {
  return new LineSplitter((raw, line, cut) => {
    const pairs = readPairs(raw);
    const message = pairs && findMessage(pairs, field);
    if (message === undefined) rows.add(raw, raw, line, cut ? 'cut' : undefined);
    else rows.add(raw, message, line, cut ? 'cut' : undefined);
  }, rows);
}

function findMessage(pairs: ReadonlyMap<string, string>, field: string | undefined): string | undefined {
  if (field !== undefined) return pairs.get(field);
  for (const name of NAMES) {
    const value = pairs.get(name);
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** The pairs of a line; undefined when it holds anything else. */
function readPairs(line: ByteString): Map<string, ByteString> | undefined {
  const pairs = new Map<string, ByteString>();
  const text = line.trim();
  for (PAIR.lastIndex = 0; PAIR.lastIndex < text.length;) {
    const found = PAIR.exec(text);
    if (!found) return undefined;
    const [, key = '', quoted, bare = ''] = found;
    pairs.set(key, quoted === undefined ? bare : unescaped(quoted));
  }
  return pairs;
}

function unescaped(quoted: ByteString): ByteString {
  if (!quoted.includes('\\')) return quoted;
  return quoted.replace(/\\(.)/gs, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character);
}

const SAMPLED_LINES = 64;

/** The `msg` of the Linux audit daemon is a time stamp: its lines are their own message. */
const AUDIT = /^audit\(\d/;

/** Whether four of five of the first lines are pairs and nothing else, and half of them have a message. */
function looksLikeLogfmt(head: ByteString, atEnd: boolean, { field, column }: FormatOptions): boolean {
  const lines = head.split('\n', SAMPLED_LINES + 1);
  const whole = atEnd || lines.length > SAMPLED_LINES ? lines : lines.slice(0, -1);
  const filled = whole.filter((line) => line.trim() !== '');
  const pairs = filled.map(readPairs).filter((found) => found !== undefined && found.size > 1);
  const withMessage = pairs.filter((found) => found && isMessage(findMessage(found, field ?? column)));
  return filled.length > 0 && pairs.length >= filled.length * 0.8 && withMessage.length * 2 >= filled.length;
}

function isMessage(value: string | undefined): boolean {
  return value !== undefined && !AUDIT.test(value);
}
