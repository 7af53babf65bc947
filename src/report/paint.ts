import type { Io } from '../types.ts';

export interface Paint {
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Colours for stderr. `NO_COLOR` and `TERM=dumb` switch them off, `FORCE_COLOR` on; else a terminal decides. */
export function createPaint({ env, stderr }: Pick<Io, 'env' | 'stderr'>): Paint {
  const on = usesColour(env, stderr.isTTY === true);
  const style = (open: number, close: number) => (text: string) =>
    on ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { red: style(31, 39), green: style(32, 39), bold: style(1, 22), dim: style(2, 22) };
}

function usesColour(env: Io['env'], isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return isTerminal && env['TERM'] !== 'dumb';
}
