import { expect, test } from 'vitest';
import { isAtLeast } from '../../src/doctor/machine.ts';

test.each([
  ['20.12.0', '20.12', true],
  ['20.12.1', '20.12', true],
  ['22.0.0', '20.12', true],
  ['20.11.9', '20.12', false],
  ['18.20.0', '20.12', false],
])('Node %s is at least %s: %s', (version, demanded, expected) => {
  expect(isAtLeast(version, demanded)).toBe(expected);
});
