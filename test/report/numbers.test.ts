import { expect, test } from 'vitest';
import { count, duration, money, percent, plural } from '../../src/report/numbers.ts';

test.each([
  [count(1234567), '1,234,567'],
  [plural(1, 'row'), '1 row'],
  [plural(0, 'row'), '0 rows'],
  [percent(0), '0.0 %'],
  [percent(0.0001), '<0.1 %'],
  [percent(0.1234), '12.3 %'],
  [percent(0.99999), '>99.9 %'],
  [percent(1), '100.0 %'],
  [duration(0.0305), '31 µs'],
  [duration(1.2345), '1.23 ms'],
  [duration(1500), '1.5 s'],
  [duration(125_000), '2 min 5 s'],
  [money(null), 'n/a'],
  [money(0), '$0'],
  [money(0.000123), '$0.00012'],
  [money(12.345), '$12.35'],
])('%s', (shown, expected) => {
  expect(shown).toBe(expected);
});
