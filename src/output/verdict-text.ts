import type { ByteString, Verdict } from '../types.ts';

/** What a verdict adds to a row. */
export type VerdictText = (verdict: Verdict) => ByteString;

/** Renders a verdict object once: rows of one template share theirs. */
export function oncePerVerdict(render: VerdictText): VerdictText {
  const known = new WeakMap<Verdict, ByteString>();
  return (verdict) => {
    let text = known.get(verdict);
    if (text === undefined) {
      text = render(verdict);
      known.set(verdict, text);
    }
    return text;
  };
}
