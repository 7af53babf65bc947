import { TemplateScanner } from './scanner.ts';

/** Raised whenever a text may come out as another template: a model and a memo are good for one version only. */
export const NORMALISER_VERSION = 1;

/** Characters of a message that count, and that a template may have; what a line says is said by then. */
const MAX_TEMPLATE_LENGTH = 2000;
/** Placeholders can be longer than what they replace, and a cut can change what the end means. */
const MAX_CUTS = 8;

/**
 * The template of a message: what stays the same when the same thing happens again. Values become placeholders
 * (`placeholders.ts`), timestamps at the start of a line vanish, white space collapses; numbers that carry the meaning
 * (HTTP status, exit code, errno, signal, `E0425`) stay.
 *
 * Total, deterministic, and idempotent: a template is its own template.
 */
export function toTemplate(text: string): string {
  let template = scan(text);
  if (template.length <= MAX_TEMPLATE_LENGTH) return template;
  for (let cuts = 0; cuts < MAX_CUTS; cuts++) {
    const shorter = cut(template);
    template = scan(shorter);
    if (template === shorter) break;
  }
  return template;
}

function scan(text: string): string {
  return new TemplateScanner(text.length <= MAX_TEMPLATE_LENGTH ? text : text.slice(0, MAX_TEMPLATE_LENGTH)).run();
}

function cut(template: string): string {
  if (template.length <= MAX_TEMPLATE_LENGTH) return template;
  const space = template.lastIndexOf(' ', MAX_TEMPLATE_LENGTH);
  return template.slice(0, space > 0 ? space : MAX_TEMPLATE_LENGTH);
}
