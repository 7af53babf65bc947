/** Every placeholder that a template may hold, and the words that a sentence encoder reads in its place. */
export const placeholders = {
  '<num>': '0',
  '<hex>': 'hex',
  '<id>': 'id',
  '<uuid>': 'id',
  '<mac>': 'mac address',
  '<email>': 'email',
  '<url>': 'url',
  '<host>': 'host address',
  '<path>': 'path',
  '<str>': 'value',
  '<time>': '',
} as const;

export type Placeholder = keyof typeof placeholders;

const LONGEST = Math.max(...Object.keys(placeholders).map((name) => name.length));

/** Index after the placeholder that starts at `start`, or -1. */
export function placeholderEnd(text: string, start: number): number {
  const close = text.indexOf('>', start + 1);
  if (close === -1 || close - start >= LONGEST) return -1;
  return text.slice(start, close + 1) in placeholders ? close + 1 : -1;
}
