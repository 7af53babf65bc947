import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * What `reading` resolves to, or `late` when it takes longer than `ms`. A thread that was busy in the meantime does not
 * count: what has arrived by then is in time.
 *
 * @param ms Absent: waits as long as it takes.
 */
export async function nextWithin<T>(reading: Promise<T>, ms: number | undefined): Promise<T | 'late'> {
  if (ms === undefined) return reading;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ms, 'late');
  });
  try {
    const first = await Promise.race([reading, late]);
    if (first !== 'late') return first;
    // Timers run before what was read is told of, so it gets two turns of the event loop.
    return await Promise.race([reading, nextTurn().then(() => nextTurn('late' as const))]);
  } finally {
    clearTimeout(timer);
  }
}
