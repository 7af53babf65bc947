/** Passes chunks on until `signal` aborts, then throws its reason at once, even while a chunk is awaited. */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await (signal ? nextOrAbort(iterator, signal) : iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // A source that waits for bytes answers only after they have come, so an abort does not wait for it.
    const closed = iterator.return?.();
    if (signal?.aborted === true) closed?.catch(() => undefined);
    else await closed;
  }
}

function nextOrAbort<T>(iterator: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
