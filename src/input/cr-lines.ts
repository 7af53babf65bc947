import { Buffer } from 'node:buffer';
import type { Head, Reading } from './format.ts';
import type { Splitter } from './splitter.ts';

const CR = 0x0d;
const LF = 0x0a;

/** Whether lines end with CR alone, as spreadsheets for the classic Mac OS write them. */
export function hasOnlyCr({ text }: Head): boolean {
  return text.includes('\r') && !text.includes('\n');
}

/** Reads an input as if each of its CRs were an LF. */
export async function withLineFeeds<T extends Reading | undefined>(
  head: Head,
  read: (lines: Head) => Promise<T>,
): Promise<T> {
  const reading = await read({ ...head, text: head.text.replaceAll('\r', '\n') });
  return reading && { ...reading, createSplitter: (rows) => feedLines(reading.createSplitter(rows)) };
}

function feedLines(splitter: Splitter): Splitter {
  return {
    get line() {
      return splitter.line;
    },
    get waiting() {
      return splitter.waiting;
    },
    push: (chunk) => splitter.push(Buffer.from(chunk.map((byte) => (byte === CR ? LF : byte)))),
    end: () => splitter.end(),
  };
}
