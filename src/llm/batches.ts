/** Templates that share a call at most. */
export const BATCH_TEMPLATES = 16;

/** Texts as calls would carry them: those that must be `alone` one a call, the others together. */
export function toBatches(
  texts: readonly string[],
  alone: (text: string) => boolean,
  batchTemplates: number,
): Array<readonly string[]> {
  const batches: Array<readonly string[]> = [];
  const shared: string[] = [];
  for (const text of texts) {
    if (alone(text)) batches.push([text]);
    else shared.push(text);
  }
  for (let start = 0; start < shared.length; start += batchTemplates) {
    batches.push(shared.slice(start, start + batchTemplates));
  }
  return batches;
}
