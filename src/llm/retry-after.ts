/** Milliseconds that a server can make a call wait at most: it may ask for a day. */
export const MAX_RETRY_AFTER_MS = 60_000;

/**
 * What `retry-after` asks for: seconds or a date (RFC 9110, section 10.2.3).
 *
 * @returns Milliseconds in [0, MAX_RETRY_AFTER_MS]; `undefined` when there is none, or one that says nothing.
 */
export function retryAfterMs(headers: ReadonlyMap<string, string>, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  const ms = /^-?\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `2m59.56s`, `7.66s` or `120ms`; a bare number is seconds. */
export function durationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(trimmed)) return undefined;
  let total = 0;
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    total += Number(number) * (unitMs[unit ?? ''] ?? 0);
  }
  return total;
}
