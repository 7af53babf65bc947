import { createJsonObjects } from './jsonl-objects.ts';
import { createJsonCells } from './jsonl-cells.ts';
import type { RowFormatFactory } from './writer.ts';

/**
 * One JSON object a row: what the input has (`jsonl-cells.ts`, `jsonl-objects.ts`), then `label`, `confidence` (a number)
 * and `method`.
 */
export const createJsonl: RowFormatFactory = (layout, options) =>
  layout.kind === 'json' ? createJsonObjects(options) : createJsonCells(layout, options);
