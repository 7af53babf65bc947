import { placeholders, type Placeholder } from './placeholders.ts';

/** An encoder reads about 128 tokens of it; the rest would only cost time. */
const MAX_WORDS_LENGTH = 700;

const PLACEHOLDER = new RegExp(Object.keys(placeholders).join('|'), 'g');
const CAMEL_BORDER = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

/**
 * The view of a template that a sentence encoder understands: placeholders become plain words, camelCase and snake_case
 * are split.
 *
 * @returns At most 700 characters, never empty: a single space when there is nothing to read.
 */
export function toWords(template: string): string {
  const words = template
    .replace(PLACEHOLDER, (name) => placeholders[name as Placeholder])
    .replace(CAMEL_BORDER, ' ')
    .replaceAll('_', ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words.slice(0, MAX_WORDS_LENGTH) || ' ';
}
