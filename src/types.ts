/** Which stage's answer a row carries; written to the `method` column. */
export type Method = 'regex' | 'lexical_classifier' | 'embedding_classifier' | 'llm' | 'fallback';

/** What a stage says about one record. A stage that is not sure says `null` instead. */
export interface Verdict {
  readonly label: string;
  /** Calibrated probability in [0, 1]. Regex verdicts are 1. */
  readonly confidence: number;
  readonly method: Method;
  /** Id of the rule that matched, for regex verdicts. */
  readonly rule?: string;
}

/** The label of a row that nothing could classify. */
export const UNCLASSIFIED = 'Unclassified';

/** A label and what it stands for; the meaning goes into prompts and model cards. */
export interface LabelMeaning {
  readonly label: string;
  readonly meaning: string;
}

/**
 * Text whose every character is one byte (code points 0 to 255, Node's `latin1`). Rows are carried this way between
 * reader and writer, so that bytes that are not valid UTF-8 come out as they went in.
 */
export type ByteString = string;

/** Rows that travel together; index i of every array is one row. */
export interface RecordBatch {
  /** Number of the first row in its input, from 1; a header is not a row. */
  readonly firstRow: number;
  /** Each row as it was read, without its line end. */
  readonly raws: readonly ByteString[];
  /** Each row's message as Unicode text, ready to be classified: decoded, without terminal colours. */
  readonly texts: readonly string[];
  /** What was wrong with a row, by its index in this batch; absent when nothing was. The row is whole in `raws` all the same. */
  readonly damaged?: ReadonlyMap<number, DamageKind>;
  /**
   * Number of each row's event, from 1; absent where every row is its own. Rows of an event stand together, the first of
   * them in the batch has the text of all and the others have none.
   */
  readonly events?: readonly number[];
  /** Where reading can begin anew; absent where that is not known. */
  readonly start?: ReadPoint;
}

/** Where an input can be read on from: the row there begins an event. */
export interface ReadPoint {
  /** Bytes of the input before it, once decompressed and decoded, without a byte order mark. */
  readonly offset: number;
  /** Number of the row there, and of the physical line that it begins at, from 1. */
  readonly row: number;
  readonly line: number;
  /** Number of its event; absent before events are told apart. */
  readonly event?: number;
}

/**
 * What can be wrong with a row of the input; each such row still comes out, flagged.
 *
 * - `stray-quote`: a quote that opens a cell and never closes it properly; the row ends at its line end.
 * - `short-row`, `long-row`: fewer or more cells than the header.
 * - `cut`: longer than the bound on a row; the rest of the line was dropped.
 * - `nul`: holds a NUL byte.
 * - `not-json`: a line of a JSON lines input that is no JSON object.
 * - `invalid-utf8`: bytes that are no UTF-8, shown as U+FFFD in `texts`.
 * - `truncated`: the last row of an input that ends before it should, such as a cut gzip file.
 */
export type DamageKind =
  'stray-quote' | 'short-row' | 'long-row' | 'cut' | 'nul' | 'not-json' | 'invalid-utf8' | 'truncated';

/** A batch after the pipeline: `verdicts[i]` belongs to row i. */
export interface LabelledBatch extends RecordBatch {
  readonly verdicts: readonly Verdict[];
}

/** How rows of the input are laid out, which is what a writer needs to know to extend them. */
export type Layout = TableLayout | LinesLayout | JsonLayout;

/** Delimited rows under a header (CSV, TSV). */
export interface TableLayout {
  readonly kind: 'table';
  /** The header row as it was read, without its line end (and without a byte order mark). */
  readonly header: ByteString;
  /** The input began with a UTF-8 byte order mark. */
  readonly hasMark?: boolean;
  readonly columns: readonly string[];
  /** Index into `columns` of the message. */
  readonly messageColumn: number;
  readonly delimiter: string;
  readonly lineEnd: '\n' | '\r\n';
}

/** One message a line. */
export interface LinesLayout {
  readonly kind: 'lines';
}

/**
 * One JSON object a line. A row may have blanks around its object; it is none where the row is flagged `not-json` or
 * `cut`.
 */
export interface JsonLayout {
  readonly kind: 'json';
}

export type StageName = 'regex' | 'model' | 'llm' | 'fallback';

/**
 * One step of the cascade. It knows no other stage, no file and no terminal.
 */
export interface Stage {
  readonly name: StageName;
  /** Whether it is handed messages as they are or their templates (`template/normalise.ts`). */
  readonly reads: 'text' | 'template';
  /** One answer a text, in order; `null` passes the text on to the next stage. */
  classify(texts: readonly string[], signal: AbortSignal): Promise<ReadonlyArray<Verdict | null>>;
}

/** Everything outside the process that a command may touch. Tests hand in their own. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean; readonly fd?: number };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that relative file names are resolved against. */
  readonly cwd: string;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}
