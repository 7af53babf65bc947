/** Writes the gradient at `x` into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => Slope;

export interface Slope {
  /** Of the function at `x`. */
  readonly value: number;
  /** Largest element of the gradient, signs aside. */
  readonly steepest: number;
}

export interface LbfgsOptions {
  /** Stop when no element of the gradient is larger than this. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Inner product of two points, where they are not given by plain coordinates. */
  readonly inner?: (a: Float64Array, b: Float64Array) => number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Pairs of steps and gradient changes that stand in for the curvature. */
const MEMORY = 10;
/** Halvings of one step before the search gives up, which only rounding at the minimum itself brings about. */
const MAX_HALVINGS = 40;
/** Share of the promised decrease that a step must bring (Armijo). */
const SUFFICIENT_DECREASE = 1e-4;

/**
 * Minimises a smooth convex function; the same input gives the same bits.
 * Source: Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4 (two loops) and 3.1 (backtracking).
 */
export function minimize(objective: Objective, start: Float64Array, options: LbfgsOptions): Minimum {
  const steps = minimizeInSteps(objective, start, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** `minimize`, which yields after each iteration: so that a long fit leaves its thread to others now and then. */
export function* minimizeInSteps(
  objective: Objective,
  start: Float64Array,
  options: LbfgsOptions,
): Generator<undefined, Minimum, undefined> {
  const { tolerance, maxIterations, inner = dot } = options;
  const gradient = new Float64Array(start.length);
  let point: Point = { x: start.slice(), gradient, ...objective(start, gradient) };
  const pairs: Pair[] = [];
  let iterations = 0;
  while (iterations < maxIterations && point.steepest > tolerance) {
    const direction = descentDirection(point.gradient, pairs, inner);
    const step = backtrack(objective, point, direction, inner(point.gradient, direction), pairs.length === 0);
    if (step === undefined) break;
    remember(pairs, point, step, inner);
    point = step;
    iterations++;
    yield;
  }
  return { x: point.x, value: point.value, iterations, converged: point.steepest <= tolerance };
}

type Inner = NonNullable<LbfgsOptions['inner']>;

interface Pair {
  /** Change of x. */
  readonly s: Float64Array;
  /** Change of the gradient. */
  readonly y: Float64Array;
  /** 1 / (y · s). */
  readonly rho: number;
}

interface Point extends Slope {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
}

function descentDirection(gradient: Float64Array, pairs: readonly Pair[], inner: Inner): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (const pair of pairs.toReversed()) {
    const alpha = pair.rho * inner(pair.s, q);
    alphas.push(alpha);
    addTo(q, -alpha, pair.y);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * inner(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i]! *= scale;
  }
  for (const pair of pairs) addTo(q, alphas.pop()! - pair.rho * inner(pair.y, q), pair.s);
  return q;
}

/** @param slope Of the function along `direction`. */
function backtrack(
  objective: Objective,
  { x, value }: Point,
  direction: Float64Array,
  slope: number,
  isFirst: boolean,
): Point | undefined {
  // Without curvature the gradient's length says nothing about the step's; later steps are about 1 long.
  let length = isFirst ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
  for (let halving = 0; halving < MAX_HALVINGS; halving++) {
    const next = x.slice();
    addTo(next, length, direction);
    const gradient = new Float64Array(x.length);
    const found = objective(next, gradient);
    if (found.value <= value + SUFFICIENT_DECREASE * length * slope) return { x: next, gradient, ...found };
    length /= 2;
  }
  return undefined;
}

function remember(pairs: Pair[], from: Point, to: Point, inner: Inner): void {
  const s = to.x.map((v, i) => v - from.x[i]!);
  const y = to.gradient.map((v, i) => v - from.gradient[i]!);
  const curvature = inner(s, y);
  if (curvature <= 0) return;
  pairs.push({ s, y, rho: 1 / curvature });
  if (pairs.length > MEMORY) pairs.shift();
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(out: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i]! += factor * x[i]!;
}
