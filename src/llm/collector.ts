import { setMaxListeners } from 'node:events';
import type { Answer } from './answers.ts';
import type { Clock } from './clock.ts';
import type { Concurrency } from './concurrency.ts';
import { linkSignals } from './linked-signal.ts';

/** Milliseconds that a template waits for others to share its call with. */
export const COLLECT_MS = 40;

export interface CollectorOptions {
  readonly batchTemplates: number;
  readonly collectMs: number;
  readonly clock: Clock;
  readonly concurrency: Concurrency;
  /**
   * One call; entry i answers text i.
   *
   * @returns `null` when no answer is to be had, now or on asking again.
   */
  readonly ask: (texts: readonly string[], signal: AbortSignal) => Promise<readonly Answer[] | null>;
}

export interface Collector {
  /**
   * Answers one text each; `null` is no answer. Texts of different callers that arrive within the window share a call.
   *
   * @param alone Whether text i must not share its call with others.
   * @throws The reason of `signal` when that is aborted; other callers' texts are not touched by it.
   */
  collect(
    texts: readonly string[],
    alone: (text: string) => boolean,
    signal: AbortSignal,
  ): Promise<Array<string | null>>;
}

interface Item {
  readonly text: string;
  readonly signal: AbortSignal;
  /** Whether it was asked once without a usable answer. */
  asked: boolean;
  resolve(label: string | null): void;
  reject(error: unknown): void;
}

/**
 * Fills calls: a full batch goes at once, a part of one when its window is over. A batch is drawn up only when a worker
 * is free for it, so that what arrives while all are busy fills the next call.
 */
export function createCollector({ batchTemplates, collectMs, clock, concurrency, ask }: CollectorOptions): Collector {
  const queue: Item[] = [];
  const never = new AbortController().signal;
  let windowOpen = false;

  function enqueue(items: readonly Item[]): void {
    if (items.length === 0) return;
    queue.push(...items);
    if (queue.length >= batchTemplates) flush();
    else if (!windowOpen) void openWindow();
  }

  async function openWindow(): Promise<void> {
    windowOpen = true;
    await clock.sleep(collectMs, never);
    windowOpen = false;
    flush();
  }

  function flush(): void {
    for (let calls = Math.ceil(queue.length / batchTemplates); calls > 0; calls--) {
      void concurrency.run(() => send(nextBatch()));
    }
  }

  function nextBatch(): Item[] {
    const batch: Item[] = [];
    while (batch.length < batchTemplates) {
      const item = queue.shift();
      if (item === undefined) break;
      if (!item.signal.aborted) batch.push(item); // or its place would stay empty
    }
    return batch;
  }

  async function send(items: readonly Item[]): Promise<void> {
    const batch = items.filter((item) => !item.signal.aborted);
    if (batch.length === 0) return;
    const wanted = whileWanted(batch.map(({ signal }) => signal));
    try {
      const answers = await ask(
        batch.map(({ text }) => text),
        wanted.signal,
      );
      batch.forEach((item, index) => settle(item, answers === null ? null : answers[index]));
    } catch (error) {
      for (const item of batch) item.reject(error);
    } finally {
      wanted.forget();
    }
  }

  /** What got no usable answer is asked once more, by itself. */
  function settle(item: Item, answer: Answer): void {
    if (answer !== undefined) item.resolve(answer);
    else if (item.asked || item.signal.aborted) item.resolve(null);
    else {
      item.asked = true;
      void concurrency.run(() => send([item]));
    }
  }

  return {
    async collect(texts, alone, signal) {
      signal.throwIfAborted();
      const linked = linkSignals(signal);
      try {
        return await new Promise((resolve, reject) => {
          linked.signal.addEventListener('abort', () => reject(linked.signal.reason), { once: true });
          const shared: Item[] = [];
          const answers = texts.map(
            (text) =>
              new Promise<string | null>((answer, fail) => {
                const item: Item = { text, signal: linked.signal, asked: false, resolve: answer, reject: fail };
                if (alone(text)) void concurrency.run(() => send([item]));
                else shared.push(item);
              }),
          );
          enqueue(shared);
          Promise.all(answers).then(resolve, reject);
        });
      } finally {
        linked.unlink();
      }
    },
  };
}

/** Aborted once every one of `signals` is: a call goes on as long as somebody waits for it. */
function whileWanted(signals: readonly AbortSignal[]): { readonly signal: AbortSignal; forget(): void } {
  const distinct = [...new Set(signals)];
  const controller = new AbortController();
  const check = (): void => {
    if (distinct.every((signal) => signal.aborted)) controller.abort(distinct[0]?.reason);
  };
  for (const signal of distinct) {
    setMaxListeners(0, signal);
    signal.addEventListener('abort', check, { once: true });
  }
  return {
    signal: controller.signal,
    forget: () => {
      for (const signal of distinct) signal.removeEventListener('abort', check);
    },
  };
}
