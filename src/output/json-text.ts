import type { ByteString, Verdict } from '../types.ts';
import { toByteString } from './byte-string.ts';
import type { VerdictColumn } from './verdict-columns.ts';

/** JSON in UTF-8. */
export function toJson(value: string | number | null): ByteString {
  return toByteString(JSON.stringify(value));
}

export function jsonKey(name: string): ByteString {
  return `${toJson(name)}:`;
}

/** Our members of an object, without a comma at either end; null where a verdict has no value. */
export function jsonMembers(columns: readonly VerdictColumn[], verdict: Verdict): ByteString {
  return columns.map((column) => jsonKey(column.name) + toJson(column.value(verdict) ?? null)).join(',');
}
