/**
 * Seeded k-fold split in which rows of one group never part. Groups are dealt in random order, each to the fold that has
 * the fewest rows so far.
 *
 * @param groups Group of each row.
 * @returns Fold of each row, in [0, folds).
 */
export function groupedFolds(groups: readonly string[], folds: number, seed: number): readonly number[] {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const order = shuffle([...sizes.keys()].toSorted(), seed);
  const rowsIn = Array.from({ length: folds }, () => 0);
  const foldOf = new Map<string, number>();
  for (const group of order) {
    const fold = rowsIn.indexOf(Math.min(...rowsIn));
    foldOf.set(group, fold);
    rowsIn[fold]! += sizes.get(group)!;
  }
  return groups.map((group) => foldOf.get(group)!);
}

/** Fisher and Yates. */
function shuffle(items: string[], seed: number): string[] {
  const random = createRandom(seed);
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

/** Uniform in [0, 1). Source: Tommy Ettinger's mulberry32, public domain. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
