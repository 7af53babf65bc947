import { hideAssignments } from './assignments.ts';
import { hideCredentials } from './credentials.ts';
import { hideHosts, hideUsers } from './identities.ts';
import { hidePersonalData, hideHomes } from './personal.ts';
import type { RedactionPolicy } from './policies.ts';
import { hideRandomTokens } from './random-tokens.ts';
import { createVault, type Hide } from './vault.ts';

/** Takes one kind of thing out of a text: what `hide` returns stands in for it. */
export type Detector = (text: string, hide: Hide) => string;

/** Those that know most about what they match come first; what one has hidden, no later one sees. */
const standard: readonly Detector[] = [hideCredentials, hideAssignments, hidePersonalData, hideHomes, hideRandomTokens];
const detectors: Readonly<Record<RedactionPolicy, readonly Detector[]>> = {
  standard,
  strict: [...standard, hideUsers, hideHosts],
  off: [],
};

/**
 * A function that replaces what must not leave the machine by placeholders such as `<secret-1>` or `<email-2>`; the same
 * value in one text gets the same placeholder. It reads raw lines and templates: a placeholder that the normaliser put
 * into the middle of a secret counts as part of it.
 */
export function createRedactor(policy: RedactionPolicy): (text: string) => string {
  if (policy === 'off') return (text) => text;
  return (text) => {
    const vault = createVault(text);
    let closed = vault.text;
    for (const detect of detectors[policy]) closed = detect(closed, vault.hide);
    return vault.open(closed);
  };
}
