import { LRUCache } from 'lru-cache';

/** A batch function: one answer a key, in order. */
export type Ask<T> = (keys: readonly string[], signal: AbortSignal) => Promise<readonly T[]>;

interface MemoCounters {
  /** Keys answered without asking for them again: known, repeated in a batch, or in flight for another caller. */
  readonly hits: number;
  /** Keys that were asked for. */
  readonly misses: number;
  /** Answers held now. */
  readonly size: number;
  /** Answers given up to stay within `maxEntries`. */
  readonly evicted: number;
}

export interface Memo<T> {
  readonly ask: Ask<T>;
  counters(): MemoCounters;
}

/**
 * Makes a batch function ask once for each key. Exact: an answer is only ever given to the key it was asked for.
 *
 * Callers that want the same key at the same time share one ask. A failed ask rejects those who wait for it and is not
 * remembered. A caller that aborts rejects at once with its signal's reason; the ask itself is aborted when nobody waits
 * for it any more.
 *
 * @param options.maxEntries Answers held at most; the least recently used go first.
 */
export function createMemo<T>(ask: Ask<T>, options: { readonly maxEntries: number }): Memo<T> {
  let hits = 0;
  let misses = 0;
  let evicted = 0;
  const known = new LRUCache<string, Box<T>>({
    max: options.maxEntries,
    dispose: (_box, _key, reason) => void (reason === 'evict' && evicted++),
  });
  const flying = new Map<string, Flight<T>>();

  async function answer(keys: readonly string[], signal: AbortSignal): Promise<readonly T[]> {
    const answers: T[] = [];
    const open: number[] = [];
    for (let i = 0; i < keys.length; i++) {
      const box = known.get(keys[i] ?? '');
      if (box === undefined) open.push(i);
      else answers[i] = box.value;
    }
    hits += keys.length - open.length;
    if (open.length === 0) return answers;
    signal.throwIfAborted();

    const flights = new Set<Flight<T>>();
    const fresh = new Set<string>();
    for (const i of open) {
      const key = keys[i] ?? '';
      const flight = flying.get(key);
      if (flight === undefined || flight.abort.signal.aborted) fresh.add(key);
      else flights.add(flight);
    }
    misses += fresh.size;
    hits += open.length - fresh.size;
    if (fresh.size > 0) flights.add(launch([...fresh]));

    await landed(flights, signal);
    for (const i of open) {
      for (const flight of flights) {
        const box = flight.boxes.get(keys[i] ?? '');
        if (box !== undefined) answers[i] = box.value;
      }
    }
    return answers;
  }

  function launch(keys: readonly string[]): Flight<T> {
    const abort = new AbortController();
    const boxes = new Map<string, Box<T>>();
    const flight: Flight<T> = { abort, boxes, waiting: 0, done: fly() };
    for (const key of keys) flying.set(key, flight);
    return flight;

    async function fly(): Promise<void> {
      try {
        await Promise.resolve(); // `flight` is registered before `ask` runs
        const values = await ask(keys, abort.signal);
        if (values.length !== keys.length)
          throw new Error(`Asked for ${keys.length} keys, got ${values.length} answers.`);
        values.forEach((value, i) => {
          const key = keys[i] ?? '';
          const box = { value };
          boxes.set(key, box);
          known.set(detached(key), box);
        });
      } finally {
        for (const key of keys) if (flying.get(key) === flight) flying.delete(key);
      }
    }
  }

  return { ask: answer, counters: () => ({ hits, misses, size: known.size, evicted }) };
}

/** The same text in memory of its own: a key cut from a chunk of input would keep the whole chunk alive. */
function detached(key: string): string {
  return Buffer.from(key, 'utf16le').toString('utf16le');
}

/** A box, because the cache cannot hold `null` or `undefined`. */
interface Box<T> {
  readonly value: T;
}

/** One running ask and those who wait for it. */
interface Flight<T> {
  readonly done: Promise<void>;
  readonly boxes: ReadonlyMap<string, Box<T>>;
  readonly abort: AbortController;
  waiting: number;
}

/** Made once: an abort without a reason makes an error, with its stack, each time that a flight has landed. */
const UNWANTED = new Error('Nobody waits for this answer any more.');

/** Waits for all flights or the caller's abort; a flight that nobody waits for any more is aborted. */
async function landed(flights: ReadonlySet<Flight<unknown>>, signal: AbortSignal): Promise<void> {
  for (const flight of flights) flight.waiting++;
  let onAbort: () => void;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
  });
  try {
    await Promise.race([Promise.all(Array.from(flights, (flight) => flight.done)), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort!);
    for (const flight of flights) if (--flight.waiting === 0) flight.abort.abort(signal.reason ?? UNWANTED);
  }
}
