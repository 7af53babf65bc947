import type { Limits } from './limits.ts';
import { HttpProblem } from './problem.ts';

export interface PatienceOptions {
  readonly maxBytes: number;
  readonly limits: Pick<Limits, 'bodyMs' | 'uploadGraceMs' | 'uploadBytesPerSecond'>;
}

/**
 * The bytes of an upload, until it is too large or too slow. Only time that we wait for the client counts against it: what
 * is slow because labelling is slow goes on.
 *
 * @throws {HttpProblem} too-large, slow-request.
 */
export async function* withPatience(
  source: AsyncIterable<Uint8Array>,
  { maxBytes, limits }: PatienceOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let bytes = 0;
  let waitedMs = 0;
  try {
    for (;;) {
      const askedAt = performance.now();
      const next = await withDeadline(iterator.next(), limits.bodyMs);
      waitedMs += performance.now() - askedAt;
      if (next.done === true) return;
      bytes += next.value.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      const dueBytes = (waitedMs / 1000) * limits.uploadBytesPerSecond;
      if (waitedMs > limits.uploadGraceMs && bytes < dueBytes) throw tooSlow();
      yield next.value;
    }
  } finally {
    void iterator.return?.()?.catch(() => {}); // not awaited: a silent client may never answer
  }
}

export function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem('too-large', `The upload is larger than ${Math.floor(maxBytes / 2 ** 20)} MiB.`, {
    hint: 'Split it, compress it with gzip, or use the command line, which has no such limit.',
  });
}

function tooSlow(): HttpProblem {
  return new HttpProblem('slow-request', 'The upload stood still or came too slowly.', {
    hint: 'Send it again over a faster connection, compressed with gzip.',
  });
}

function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
