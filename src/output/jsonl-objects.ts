import type { ByteString, DamageKind, LabelledBatch, Verdict } from '../types.ts';
import { toText } from './byte-string.ts';
import { jsonKey, jsonMembers, toJson } from './json-text.ts';
import { eventColumn, verdictColumns } from './verdict-columns.ts';
import { oncePerVerdict } from './verdict-text.ts';
import type { RowFormat, WriterOptions } from './writer.ts';

/**
 * Rows that are JSON objects: byte for byte as they were, with our members before the closing brace. A row that has a
 * member of one of our names already keeps it, as with columns: its own new one is `logiq_method`, say. What is no object
 * becomes the `message` of one.
 */
export function createJsonObjects(options: WriterOptions): RowFormat {
  const columns = verdictColumns(options, []);
  const members = oncePerVerdict((verdict) => jsonMembers(columns, verdict));
  const mayClash = new RegExp(
    `"\\s*(?:${[...columns.map((column) => column.name), 'event'].join('|')})\\s*"|\\\\u`,
    'i',
  );
  return {
    head: '',
    rows({ raws, verdicts, damaged, events }: LabelledBatch) {
      let text = '';
      for (let row = 0; row < raws.length; row++) {
        // oxlint-disable-next-line typescript/no-non-null-assertion -- verdicts[row] belongs to row
        text += `${extended(raws[row] ?? '', verdicts[row]!, damaged?.get(row), events?.[row])}\n`;
      }
      return text;
    },
  };

  function extended(
    raw: ByteString,
    verdict: Verdict,
    damage: DamageKind | undefined,
    event: number | undefined,
  ): ByteString {
    const inEvent = (keys: readonly string[]): ByteString =>
      options.events ? `,${jsonKey(eventColumn(keys))}${event ?? 'null'}` : '';
    if (damage !== undefined && keysOf(raw) === undefined)
      return `{"message":${toJson(toText(raw))},${members(verdict)}${inEvent(['message'])}}`;
    const end = raw.lastIndexOf('}');
    const own = raw.slice(0, end);
    const isEmpty = own.trimEnd().endsWith('{');
    const keys = mayClash.test(raw) ? (keysOf(raw) ?? []) : undefined;
    const ours =
      keys === undefined
        ? members(verdict) + inEvent([])
        : jsonMembers(verdictColumns(options, keys), verdict) + inEvent(keys);
    return `${own}${isEmpty ? '' : ','}${ours}${raw.slice(end)}`;
  }
}

/** Undefined: no JSON object. */
function keysOf(raw: ByteString): string[] | undefined {
  try {
    const value: unknown = JSON.parse(toText(raw));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : undefined;
  } catch {
    return undefined;
  }
}
