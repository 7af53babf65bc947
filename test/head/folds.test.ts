import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { groupedFolds } from '../../src/head/folds.ts';

test('rows of one group are never in two folds', () => {
  assert(
    property(array(constantFrom('a', 'b', 'c', 'd', 'e')), integer(), (groups, seed) => {
      const foldOf = groupedFolds(groups, 3, seed);
      const seen = new Map<string, number>();
      for (const [row, group] of groups.entries()) {
        if (!seen.has(group)) seen.set(group, foldOf[row]!);
        expect(foldOf[row]).toBe(seen.get(group));
      }
    }),
  );
});

test('folds are of about the same size', () => {
  const groups = Array.from({ length: 100 }, (_, i) => `group ${i % 50}`);
  const foldOf = groupedFolds(groups, 5, 1);
  const sizes = [0, 1, 2, 3, 4].map((fold) => foldOf.filter((other) => other === fold).length);
  expect(sizes).toEqual([20, 20, 20, 20, 20]);
});

test('the seed decides, the order of rows does not', () => {
  const groups = Array.from({ length: 40 }, (_, i) => `group ${i}`);
  const once = groupedFolds(groups, 4, 1);
  expect(groupedFolds(groups.toReversed(), 4, 1).toReversed()).toEqual(once);
  expect(groupedFolds(groups, 4, 2)).not.toEqual(once);
});
