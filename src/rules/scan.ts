/** Code units that the table tells apart: ASCII; anything else ends every literal. */
const ASCII = 128;

/**
 * Finds, in one pass over a text, which owners have one of their literals in it.
 * Source: A. Aho, M. Corasick, "Efficient string matching" (1975), as a dense table over the characters in use.
 *
 * @param literals For owner i the strings of which one must be in the text: lower-case ASCII, not empty.
 * `undefined` makes an owner always found.
 * @returns A function that sets bit i of `found` (32 owners a word) for each owner found in `text`, case ignored.
 */
export function createLiteralScan(
  literals: ReadonlyArray<readonly string[] | undefined>,
): (text: string, found: Uint32Array) => void {
  const { columnOf, columns } = mapColumns(literals.flatMap((own) => own ?? []));
  const words = Math.ceil(literals.length / 32);
  const automaton = buildAutomaton(literals, columnOf, columns);
  const { table, firstHit, hitStarts, hitBits } = flatten(automaton, columns);
  const always = ownersWithout(literals, words);

  return (text, found) => {
    found.set(always);
    let state = 0; // offset of the state's row in the table
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      state = table[state + (code < ASCII ? columnOf[code]! : 0)]!;
      if (state >= firstHit) {
        const hit = (state - firstHit) / columns;
        for (let bit = hitStarts[hit]!; bit < hitStarts[hit + 1]!; bit++) {
          const owner = hitBits[bit]!;
          found[owner >>> 5]! |= 1 << (owner & 31);
        }
      }
    }
  };
}

/** Column 0 stands for every character that is in no literal; a capital shares the column of its small letter. */
function mapColumns(literals: readonly string[]): { columnOf: Uint8Array; columns: number } {
  const columnOf = new Uint8Array(ASCII);
  let columns = 1;
  for (const char of new Set(literals.join(''))) columnOf[char.charCodeAt(0)] = columns++;
  for (let code = 65; code <= 90; code++) columnOf[code] = columnOf[code + 32]!;
  return { columnOf, columns };
}

interface Automaton {
  /** Row a state, column a character: the next state. State 0 is the start. */
  readonly moves: Int32Array;
  /** For each state, who has a literal that ends there. */
  readonly owners: ReadonlyArray<ReadonlySet<number>>;
}

function buildAutomaton(
  literals: ReadonlyArray<readonly string[] | undefined>,
  columnOf: Uint8Array,
  columns: number,
): Automaton {
  const letters = literals.reduce((total, own) => total + (own ?? []).join('').length, 0);
  const children = new Int32Array((letters + 1) * columns); // 0: no child, for none leads back to the start
  const owners: Array<Set<number>> = [new Set()];
  literals.forEach((own, owner) => {
    for (const literal of own ?? []) {
      let state = 0;
      for (let at = 0; at < literal.length; at++) {
        const edge = state * columns + columnOf[literal.charCodeAt(at)]!;
        if (children[edge] === 0) children[edge] = owners.push(new Set()) - 1;
        state = children[edge]!;
      }
      owners[state]!.add(owner);
    }
  });
  return { moves: completeMoves(children, owners, columns), owners };
}

/** Breadth first: where a state has no child for a column, it goes where its longest proper suffix goes. */
function completeMoves(children: Int32Array, owners: ReadonlyArray<Set<number>>, columns: number): Int32Array {
  const suffixOf = new Int32Array(owners.length);
  const queue = [0];
  for (const state of queue) {
    const suffix = suffixOf[state]!;
    for (const owner of owners[suffix]!) owners[state]!.add(owner);
    const row = state * columns;
    for (let column = 0; column < columns; column++) {
      const child = children[row + column]!;
      const otherwise = state === 0 ? 0 : children[suffix * columns + column]!;
      if (child === 0) {
        children[row + column] = otherwise;
      } else {
        suffixOf[child] = otherwise;
        queue.push(child);
      }
    }
  }
  return children;
}

/** Renumbers the states so that those with owners come last, which makes "is it a hit" one comparison. */
function flatten(
  { moves, owners }: Automaton,
  columns: number,
): { table: Int32Array; firstHit: number; hitStarts: Int32Array; hitBits: Int32Array } {
  const states = owners.map((_, state) => state);
  const silent = states.filter((state) => owners[state]!.size === 0);
  const hits = states.filter((state) => owners[state]!.size > 0);
  const order = [...silent, ...hits];
  const rowOf = new Int32Array(order.length);
  order.forEach((state, at) => (rowOf[state] = at * columns));

  const table = new Int32Array(order.length * columns);
  order.forEach((state, at) => {
    for (let column = 0; column < columns; column++) {
      table[at * columns + column] = rowOf[moves[state * columns + column]!]!;
    }
  });
  const hitBits = Int32Array.from(hits.flatMap((state) => [...owners[state]!]));
  const hitStarts = new Int32Array(hits.length + 1);
  hits.forEach((state, hit) => (hitStarts[hit + 1] = hitStarts[hit]! + owners[state]!.size));
  return { table, firstHit: silent.length * columns, hitStarts, hitBits };
}

function ownersWithout(literals: ReadonlyArray<readonly string[] | undefined>, words: number): Uint32Array {
  const always = new Uint32Array(words);
  literals.forEach((own, owner) => {
    if (own === undefined) always[owner >>> 5]! |= 1 << (owner & 31);
  });
  return always;
}
