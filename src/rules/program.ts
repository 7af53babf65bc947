import type { Assertion, Node, Unit } from './syntax.ts';

/** One step of a search: consume a unit, pass an assertion, fork, or be done. Targets are indexes into the program. */
export type Instruction =
  | { readonly op: 'unit'; readonly unit: Unit; readonly next: number }
  | { readonly op: 'assert'; readonly source: Assertion['source']; readonly next: number }
  | { readonly op: 'fork'; readonly next: number; readonly other: number }
  | { readonly op: 'match' };

/** Instructions a program has at most; each costs a step a character in the worst case. */
export const MAX_INSTRUCTIONS = 1000;

/**
 * Thompson's construction, last instruction first, so that every target but a loop's is known when it is needed.
 *
 * @returns The program and the index of its first instruction; undefined when the pattern looks around or back, or
 * would take more than `MAX_INSTRUCTIONS`.
 */
export function compileProgram(
  pattern: Node,
): { readonly program: readonly Instruction[]; readonly start: number } | undefined {
  const program: Instruction[] = [{ op: 'match' }];
  const start = emit(program, pattern, 0);
  return start === undefined ? undefined : { program, start };
}

/** Adds what matches `node` and goes on at `next`; answers with where it begins. */
function emit(program: Instruction[], node: Node, next: number): number | undefined {
  switch (node.kind) {
    case 'unit':
      return add(program, { op: 'unit', unit: node, next });
    case 'assertion':
      return add(program, { op: 'assert', source: node.source, next });
    case 'look':
    case 'opaque':
      return undefined;
    case 'sequence':
      return emitSequence(program, node.items, next);
    case 'alternation':
      return emitAlternation(program, node.branches, next);
    case 'repeat':
    default:
      return emitRepeat(program, node.body, node.min, node.max, next);
  }
}

function emitSequence(program: Instruction[], items: readonly Node[], next: number): number | undefined {
  return items.reduceRight<number | undefined>(
    (target, item) => (target === undefined ? undefined : emit(program, item, target)),
    next,
  );
}

function emitAlternation(program: Instruction[], branches: readonly Node[], next: number): number | undefined {
  const begins = branches.map((branch) => emit(program, branch, next));
  return begins.reduceRight((rest, begin) =>
    rest === undefined || begin === undefined ? undefined : add(program, { op: 'fork', next: begin, other: rest }),
  );
}

function emitRepeat(program: Instruction[], body: Node, min: number, max: number, next: number): number | undefined {
  const optional = max === Infinity ? 0 : max - min;
  let target: number | undefined = max === Infinity ? emitLoop(program, body, next) : next;
  for (let round = 0; round < optional && target !== undefined; round++) {
    const begin = emit(program, body, target);
    if (begin === target) break; // an empty body, however often
    target = begin === undefined ? undefined : add(program, { op: 'fork', next: begin, other: next });
  }
  for (let round = 0; round < min && target !== undefined; round++) {
    const begin = emit(program, body, target);
    if (begin === target) break;
    target = begin;
  }
  return target;
}

function emitLoop(program: Instruction[], body: Node, next: number): number | undefined {
  const fork = add(program, { op: 'match' }); // holds the place until the body's beginning is known
  if (fork === undefined) return undefined;
  const begin = emit(program, body, fork);
  if (begin === undefined) return undefined;
  program[fork] = { op: 'fork', next: begin, other: next };
  return fork;
}

function add(program: Instruction[], instruction: Instruction): number | undefined {
  return program.length < MAX_INSTRUCTIONS ? program.push(instruction) - 1 : undefined;
}
