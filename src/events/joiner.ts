import type { ByteString, DamageKind, RecordBatch } from '../types.ts';
import { createEventText, type EventText } from './event-text.ts';
import { Grouper } from './grouper.ts';

interface Rows {
  readonly raws: readonly ByteString[];
  readonly texts: readonly string[];
  readonly damaged?: ReadonlyMap<number, DamageKind>;
}

const NO_ROWS: Rows = { raws: [], texts: [] };

/** Keeps the rows of the event that is open, for its text is not known before its end, and hands on those before it. */
export class Joiner {
  readonly #grouper = new Grouper();
  #rows: Rows = NO_ROWS;
  /** Number of the row at index 0. */
  #firstRow = 1;
  /** Events of the rows that are decided. Those behind them may be of the last one. */
  #events: number[] = [];
  #lastEvent: number;
  /** Rows that the grouper was asked about; those of them that are not decided are held by it. */
  #asked = 0;
  /** The event of which a part was handed on. */
  #begun: { readonly event: number; readonly text: EventText } | undefined;

  constructor(firstEvent: number) {
    this.#lastEvent = firstEvent - 1;
  }

  get isHolding(): boolean {
    return this.#rows.raws.length > 0;
  }

  *push(batch: RecordBatch): Generator<RecordBatch, void, undefined> {
    const held = this.#rows.raws.length;
    if (held === 0) this.#firstRow = batch.firstRow;
    this.#rows = held === 0 ? batch : concatenated(this.#rows, batch);
    this.#decide();
    yield* this.#handOn(this.#openFrom(), this.#startOf(batch, held));
  }

  /** Hands on all rows. The open event may go on, unless it was not certain where it ends. */
  *flush(): Generator<RecordBatch, void, undefined> {
    const { length } = this.#rows.raws;
    while (this.#events.length < length) {
      this.#grouper.close();
      this.#asked = this.#events.length;
      this.#decide();
    }
    yield* this.#handOn(length);
  }

  #decide(): void {
    const { raws, texts } = this.#rows;
    const events = this.#events;
    while (this.#asked < raws.length) {
      const row = this.#asked;
      this.#asked += 1;
      switch (this.#grouper.group(texts[row] ?? '', raws[row] ?? '')) {
        case 'new':
          this.#lastEvent += 1;
          events.push(this.#lastEvent);
          break;
        case 'joined':
          while (events.length <= row) events.push(this.#lastEvent);
          break;
        case 'closed':
          this.#asked = events.length;
          break;
        case 'held':
      }
    }
  }

  /** Index of the first row of the event that may go on. */
  #openFrom(): number {
    const events = this.#events;
    let from = events.length;
    while (from > 0 && events[from - 1] === this.#lastEvent) from -= 1;
    return from;
  }

  /** Where reading can begin anew, if the first row of the batch began an event. */
  #startOf({ start }: RecordBatch, index: number): Pick<RecordBatch, 'start'> | undefined {
    const event = this.#events[index];
    const before = index === 0 ? this.#begun?.event : this.#events[index - 1];
    return start === undefined || event === undefined || event === before ? undefined : { start: { ...start, event } };
  }

  /** Hands on the rows before index `to`. */
  *#handOn(to: number, start?: Pick<RecordBatch, 'start'>): Generator<RecordBatch, void, undefined> {
    if (to === 0) return;
    const { raws, texts, damaged } = this.#rows;
    const events = this.#events;
    const isAll = to === raws.length;
    yield {
      firstRow: this.#firstRow,
      raws: isAll ? raws : raws.slice(0, to),
      texts: this.#eventTexts(to),
      events: isAll ? events : events.slice(0, to),
      ...damagedIn(damaged, 0, to),
      ...start,
    };
    this.#rows = isAll
      ? NO_ROWS
      : { raws: raws.slice(to), texts: texts.slice(to), ...damagedIn(damaged, to, raws.length) };
    this.#events = isAll ? [] : events.slice(to);
    this.#firstRow += to;
    this.#asked -= to;
  }

  /** Texts of the rows before index `to`: each event's at its first row. */
  #eventTexts(to: number): readonly string[] {
    const { texts } = this.#rows;
    const events = this.#events;
    const isAll = to === texts.length;
    const isEachItsOwn = (events[to - 1] ?? 0) - (events[0] ?? 0) + 1 === to && events[0] !== this.#begun?.event;
    if (isEachItsOwn && !isAll) return texts.slice(0, to);

    const joined = texts.slice(0, to);
    for (let row = 0; row < to;) {
      const event = events[row] ?? 0;
      let end = row + 1;
      while (end < to && events[end] === event) end += 1;
      // The last event may go on after all its rows so far were handed on.
      if (end > row + 1 || event === this.#begun?.event || (isAll && end === to))
        this.#joinText(joined, row, end, event);
      row = end;
    }
    return joined;
  }

  #joinText(texts: string[], from: number, to: number, event: number): void {
    const begun = this.#begun?.event === event ? this.#begun.text : undefined;
    const text = begun ?? createEventText(texts[from] ?? '');
    for (let row = begun ? from : from + 1; row < to; row++) text.add(texts[row] ?? '');
    texts.fill('', from, to);
    texts[from] = text.join();
    this.#begun = { event, text };
  }
}

function concatenated(a: Rows, b: Rows): Rows {
  const damaged = new Map(a.damaged);
  for (const [row, kind] of b.damaged ?? []) damaged.set(a.raws.length + row, kind);
  return {
    raws: a.raws.concat(b.raws),
    texts: a.texts.concat(b.texts),
    ...(damaged.size > 0 && { damaged }),
  };
}

function damagedIn(
  damaged: ReadonlyMap<number, DamageKind> | undefined,
  from: number,
  to: number,
): { damaged: ReadonlyMap<number, DamageKind> } | undefined {
  const inside = [...(damaged ?? [])].filter(([row]) => row >= from && row < to);
  return inside.length === 0 ? undefined : { damaged: new Map(inside.map(([row, kind]) => [row - from, kind])) };
}
