import type { Verdict } from '../types.ts';

/** Gives every row of an event the verdict of its first row, in place. */
export function spreadOverEvents(verdicts: Verdict[], events: readonly number[]): void {
  for (let row = 1; row < verdicts.length; row++) {
    const before = verdicts[row - 1];
    if (before !== undefined && events[row] === events[row - 1]) verdicts[row] = before;
  }
}

/** Counts the rows of the events that begin at the given rows. */
export function rowsOfEvents(events: readonly number[]): (firstRows: readonly number[]) => number {
  const isEachItsOwn = (events.at(-1) ?? 0) - (events[0] ?? 0) + 1 === events.length;
  if (isEachItsOwn) return (firstRows) => firstRows.length;
  return (firstRows) => {
    let rows = 0;
    for (const first of firstRows) {
      let end = first + 1;
      while (end < events.length && events[end] === events[first]) end += 1;
      rows += end - first;
    }
    return rows;
  };
}
