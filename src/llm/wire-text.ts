import { shorten, visibleText } from './data-text.ts';
import type { RedactionPolicy } from './redact/policies.ts';
import { createRedactor } from './redact/redact.ts';

/**
 * What of a template goes over the wire. The order counts: a secret with an invisible character in it is no secret to
 * the redactor, and half a secret, left by shortening, is none either.
 */
export function createWireText(policy: RedactionPolicy): (template: string) => string {
  const redact = createRedactor(policy);
  return (template) => shorten(redact(visibleText(template)));
}
