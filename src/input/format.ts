import type { ByteString, Layout } from '../types.ts';
import type { TableDialect } from './dialect.ts';
import type { Rows } from './rows.ts';
import type { Splitter } from './splitter.ts';

/** The beginning of an input, by which its format is told. */
export interface Head {
  /** At least one line, unless the input ends or the line is very long; no byte order mark. */
  readonly text: ByteString;
  /** The input has no more bytes. */
  readonly atEnd: boolean;
}

/** What the caller said about the input. */
export interface FormatOptions {
  readonly column?: string | undefined;
  readonly field?: string | undefined;
  readonly dialect?: TableDialect | undefined;
}

/** How to read an input once its format is known. */
export interface Reading {
  /** For people: what spoke for the format. */
  readonly reason: string;
  readonly layout: Layout;
  /** Bytes of the head that are no rows: a header. */
  readonly skip: number;
  createSplitter(rows: Rows): Splitter;
}

/** An input format. */
export interface Format {
  /** Undefined when the input does not look like it. */
  guess(head: Head, options: FormatOptions): Promise<Reading | undefined> | Reading | undefined;
  /** For an input that is said to be of the format. */
  force(head: Head, options: FormatOptions): Promise<Reading> | Reading;
}
