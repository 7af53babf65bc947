import { verifyModel } from '../models/load.ts';
import type { Check } from './check.ts';

/**
 * Reads every file of a model and of its embedder.
 *
 * @throws {LogiqError} as `verifyModel`.
 */
export async function examineModel(nameOrDir: string, cwd: string): Promise<Omit<Check, 'name'>> {
  const { dir, embedderDir, metadata } = await verifyModel(nameOrDir, cwd);
  const { files, embedder, labels, training } = metadata;
  const count = Object.keys(files).length + Object.keys(embedder?.sha256 ?? {}).length;
  return {
    status: 'ok',
    found: `${metadata.name}, ${labels.length} labels, trained ${training.date} on ${embedder?.name ?? 'n-grams'}; sha256 of ${count} files verified`,
    facts: {
      name: metadata.name,
      dir,
      embedder: embedder && { name: embedder.name, dir: embedderDir, sha256: embedder.sha256 },
      files,
    },
  };
}
