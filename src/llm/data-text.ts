/** Characters of one template that a prompt carries at most. */
export const MAX_TEMPLATE_CHARACTERS = 1000;

/**
 * Controls and whatever people cannot see but a model reads: C0 and C1, format marks (zero-width, bidi), fillers, variation
 * selectors, tags, line and paragraph separators, unassigned and private-use characters, lone surrogates.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;

/** The text without invisible characters; line breaks and tabs become spaces. */
export function visibleText(text: string): string {
  return text.replace(invisible, (run) => (/[\t\n\r\u2028\u2029]/.test(run) ? ' ' : ''));
}

/** At most `MAX_TEMPLATE_CHARACTERS`: the middle goes, since beginning and end say most. */
export function shorten(text: string): string {
  if (text.length <= MAX_TEMPLATE_CHARACTERS) return text;
  const half = Math.floor((MAX_TEMPLATE_CHARACTERS - 5) / 2);
  return `${text.slice(0, half)} ... ${text.slice(-half)}`.replace(/\p{Cs}/gu, ''); // a cut may halve a pair
}
