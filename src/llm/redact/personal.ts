import { isIP } from 'node:net';
import { passesLuhn } from './luhn.ts';
import type { Hide } from './vault.ts';

/** E-mail addresses, card and account numbers, phone numbers, national ids, IP and MAC addresses. */
export function hidePersonalData(text: string, hide: Hide): string {
  return text
    .replace(email, (value) => hide('email', value))
    .replace(iban, (value) => hide('account', value))
    .replace(card, (value) => (passesLuhn(value) ? hide('card', value) : value))
    .replace(mac, (value) => hide('mac', value))
    .replace(address, (value) => (isIP(value) === 0 ? value : hide('ip', value)))
    .replace(socialSecurity, (value) => hide('account', value))
    .replace(phone, (value) => hide('phone', value));
}

/** User names in the paths of home directories. */
export function hideHomes(text: string, hide: Hide): string {
  return text.replace(home, (match, root: string, name: string) =>
    sharedHomes.has(name.toLowerCase()) ? match : root + hide('user', name),
  );
}

const email = /[\p{L}\d._%+-]{1,64}@(?:[\p{L}\d-]{1,63}\.){1,8}\p{L}{2,24}\b/gu;
const iban = /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b/g;
/** 13 to 19 digits, in groups or not, of an issuer's range. */
const card = /(?<![\d.])[3-6]\d{3}(?:[ -]?\d{2,6}){2,4}(?![\d.]*\d)/g;
const mac = /\b[\da-f]{2}(?:[:-][\da-f]{2}){5}\b/gi;
const address =
  /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?:\d{1,3}(?:\.\d{1,3}){3})?)(?![\w:]|\.\d)/gi;
const socialSecurity = /(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g;
/** International with a plus, or the North American form with its usual punctuation. */
const phone =
  /(?<![\w.+])(?:\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[-.]\d{3}[-.]\d{4})(?![\w-]|\.\d)/g;

const home =
  /((?:^|[^\w/\\])(?:\/(?:home|Users|export\/home|var\/home)\/|[A-Za-z]:\\{1,2}(?:Users|Documents and Settings)\\{1,2}|\\{1,2}Users\\{1,2}))([^\s/\\:;,"'<>|)\]]{1,64})/g;
const sharedHomes = new Set([
  'public',
  'default',
  'shared',
  'all',
  'runner',
  'travis',
  'ubuntu',
  'root',
  'user',
  'app',
]);
