import { expect, test } from 'vitest';
import { minimize, type Objective } from '../../src/head/lbfgs.ts';

/** (x − 3)² + 100 (y + 2)². */
const bowl: Objective = (x, gradient) => {
  const [a, b] = [x[0]! - 3, x[1]! + 2];
  gradient[0] = 2 * a;
  gradient[1] = 200 * b;
  return { value: a * a + 100 * b * b, steepest: Math.max(Math.abs(gradient[0]), Math.abs(gradient[1])) };
};

test('the bottom of a narrow bowl is found', () => {
  const { x, converged } = minimize(bowl, new Float64Array(2), { tolerance: 1e-9, maxIterations: 100 });
  expect(converged).toBe(true);
  expect(x[0]).toBeCloseTo(3, 8);
  expect(x[1]).toBeCloseTo(-2, 8);
});

test('iterations are bounded, and the result says that it is not the minimum', () => {
  const { iterations, converged } = minimize(bowl, new Float64Array(2), { tolerance: 1e-9, maxIterations: 2 });
  expect(iterations).toBe(2);
  expect(converged).toBe(false);
});

test('a start at the minimum stays there', () => {
  const { x, iterations } = minimize(bowl, Float64Array.of(3, -2), { tolerance: 1e-9, maxIterations: 100 });
  expect([...x]).toEqual([3, -2]);
  expect(iterations).toBe(0);
});
