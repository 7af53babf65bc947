import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { LogiqError } from '../errors.ts';
import type { Io, LabelMeaning } from '../types.ts';

/**
 * Labels and what they stand for: a CSV with the columns label and meaning, or a JSON list of such objects. The meaning goes
 * to the LLM.
 *
 * @throws {LogiqError} E_INPUT_MISSING when the file cannot be read, E_INPUT_DAMAGED when it is neither.
 */
export async function readLabelMeanings(file: string, io: Pick<Io, 'cwd'>): Promise<readonly LabelMeaning[]> {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new LogiqError('E_INPUT_MISSING', `${file} cannot be read.`, 'Name a CSV with label and meaning.', { cause });
  });
  let entries: unknown;
  try {
    entries = text.trimStart().startsWith('[') ? JSON.parse(text) : parse(text, { columns: true, bom: true });
  } catch (cause) {
    throw refusal(file, cause);
  }
  if (!Array.isArray(entries)) throw refusal(file);
  return entries.map((entry: unknown) => {
    const fields = new Map(Object.entries(Object(entry) as object));
    const [label, meaning] = [fields.get('label'), fields.get('meaning') ?? fields.get('definition')];
    if (typeof label !== 'string' || label === '' || typeof meaning !== 'string') throw refusal(file);
    return { label, meaning };
  });
}

/**
 * The labels of the rows, in alphabetical order, with their meanings where they have one.
 *
 * @param wanted Labels that the head is to have although no row has them yet are left out: it could not learn them.
 */
export function labelSet(found: Iterable<string>, wanted: readonly LabelMeaning[]): readonly LabelMeaning[] {
  const meanings = new Map(wanted.map(({ label, meaning }) => [label, meaning]));
  return [...new Set(found)].toSorted().map((label) => ({ label, meaning: meanings.get(label) ?? '' }));
}

function refusal(file: string, cause?: unknown): LogiqError {
  return new LogiqError(
    'E_INPUT_DAMAGED',
    `${file} is no list of labels and meanings.`,
    'Write a CSV with the columns label and meaning.',
    { cause },
  );
}
