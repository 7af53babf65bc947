import type { ByteString, DamageKind, LabelledBatch, Verdict } from '../types.ts';
import { toText } from './byte-string.ts';
import { jsonMembers, toJson } from './json-text.ts';
import { verdictColumns } from './verdict-columns.ts';
import { oncePerVerdict } from './verdict-text.ts';
import type { RowFormat, WriterOptions } from './writer.ts';

/**
 * Rows that are JSON objects: byte for byte as they were, with our members before the closing brace. A row that has a
 * member of one of our names already keeps it, as with columns: its own new one is `logiq_method`, say. What is no object
 * becomes the `message` of one.
 */
export function createJsonObjects({ explain = false }: WriterOptions): RowFormat {
  const columns = verdictColumns(explain, []);
  const members = oncePerVerdict((verdict) => jsonMembers(columns, verdict));
  const mayClash = new RegExp(`"\\s*(?:${columns.map((column) => column.name).join('|')})\\s*"|\\\\u`, 'i');
  return {
    head: '',
    rows({ raws, verdicts, damaged }: LabelledBatch) {
      let text = '';
      for (let row = 0; row < raws.length; row++) {
        // oxlint-disable-next-line typescript/no-non-null-assertion -- verdicts[row] belongs to row
        text += `${extended(raws[row] ?? '', verdicts[row]!, damaged?.get(row))}\n`;
      }
      return text;
    },
  };

  function extended(raw: ByteString, verdict: Verdict, damage: DamageKind | undefined): ByteString {
    if (damage !== undefined && keysOf(raw) === undefined)
      return `{"message":${toJson(toText(raw))},${members(verdict)}}`;
    const end = raw.lastIndexOf('}');
    const own = raw.slice(0, end);
    const isEmpty = own.trimEnd().endsWith('{');
    const ours = mayClash.test(raw)
      ? jsonMembers(verdictColumns(explain, keysOf(raw) ?? []), verdict)
      : members(verdict);
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
