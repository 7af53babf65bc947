import type { ByteString } from '../types.ts';
import { belongsTo } from './continuation.ts';
import { Line } from './line.ts';
import { endsTrace, openedBy, patienceOf, type OpenEvent, type TraceName } from './traces.ts';

/** Rows of one event at most. What is beyond them is the next event. */
export const MAX_EVENT_ROWS = 1000;

/** Characters of one event at most: what it may hold back of the input. */
const MAX_EVENT_CHARS = 1 << 20;

/**
 * - `new`: the row is the first of an event.
 * - `joined`: it is of the open event, as are the rows before it that were `held`.
 * - `held`: it is of the open event if a row that is follows soon.
 * - `closed`: the rows that were `held` are not, nor is this one: they are to be asked about again, from the first.
 */
export type Grouped = 'new' | 'joined' | 'held' | 'closed';

/** Finds events in rows, one row after the other; what it remembers does not grow. */
export class Grouper {
  readonly #line = new Line();
  #isOpen = false;
  #trace: TraceName | undefined;
  #program = '';
  #head = '';
  #last = '';
  #rows = 0;
  #chars = 0;
  #ended = false;
  #held = 0;
  readonly #open: OpenEvent;

  constructor() {
    // oxlint-disable-next-line typescript/no-this-alias, unicorn/no-this-assignment -- one view for every row
    const grouper = this;
    this.#open = {
      get trace() {
        return grouper.#trace;
      },
      get head() {
        return grouper.#head;
      },
      get last() {
        return grouper.#last;
      },
      get rows() {
        return grouper.#rows;
      },
      get ended() {
        return grouper.#ended;
      },
    };
  }

  group(text: string, raw: ByteString): Grouped {
    const line = this.#line;
    line.read(text, raw);
    const belongs = this.#isOpen && this.#isOfSameProgram() && this.#hasRoom(raw) ? belongsTo(line, this.#open) : 'no';
    if (belongs === 'yes') return this.#join(text, raw);
    if (belongs === 'maybe' && this.#held < patienceOf(this.#trace)) {
      this.#held += 1;
      return 'held';
    }
    if (this.#held > 0) {
      this.close();
      return 'closed';
    }
    return this.#begin(text, raw);
  }

  /** The next row is the first of an event, whatever it is. */
  close(): void {
    this.#isOpen = false;
    this.#held = 0;
  }

  /** A line that names none may follow any: loggers put their prefix before the first line alone. */
  #isOfSameProgram(): boolean {
    const { program } = this.#line;
    if (program === '') return this.#program === '' || this.#trace !== 'kernel';
    return program === this.#program || this.#head.startsWith(program);
  }

  #hasRoom(raw: ByteString): boolean {
    return this.#rows + this.#held < MAX_EVENT_ROWS && this.#chars + raw.length <= MAX_EVENT_CHARS;
  }

  #begin(text: string, raw: ByteString): Grouped {
    const line = this.#line;
    this.#isOpen = !Number.isNaN(line.first) && !line.isBlank;
    this.#trace = this.#isOpen ? openedBy(line) : undefined;
    this.#program = line.program;
    this.#head = text;
    this.#last = text;
    this.#rows = 1;
    this.#chars = raw.length;
    this.#ended = false;
    return 'new';
  }

  #join(text: string, raw: ByteString): Grouped {
    const line = this.#line;
    this.#rows += 1 + this.#held;
    this.#chars += raw.length;
    this.#held = 0;
    const opened = openedBy(line);
    if (opened !== undefined && (this.#trace === undefined || this.#trace === 'banner' || opened === 'python')) {
      this.#trace = opened;
      this.#ended = false;
    } else if (this.#trace !== undefined && endsTrace(line, this.#trace)) this.#ended = true;
    this.#last = text;
    return 'joined';
  }
}
