/**
 * How much is taken out of a text before it leaves the machine.
 *
 * - `standard`: credentials, e-mail addresses, card, account and phone numbers, IP addresses, user names in paths.
 * - `strict`: also user and host names wherever they are recognised.
 * - `off`: nothing; for a model on one's own machine.
 */
export const redactionPolicies = ['standard', 'strict', 'off'] as const;
export type RedactionPolicy = (typeof redactionPolicies)[number];
