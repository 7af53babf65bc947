import { LogiqError } from '../../dist/errors.js';
import { toExamples } from '../../dist/training/examples.js';
import { readTrainingRows } from '../logiq-base/training-rows.js';

/**
 * The text that the baselines are fitted on, which is that of logiq-base.
 *
 * @param labels Rows with other labels are left out.
 * @param folder As for `npm run train:base`.
 * @returns `rows` as they were read, and `examples`, one a template and label.
 * @throws {LogiqError} E_INPUT_MISSING when a file of `folder` cannot be read as what it should be, E_USAGE when no row is left.
 */
export async function readText(labels, folder) {
  const rows = await readTrainingRows(new Set(labels), folder).catch((cause) => {
    throw new LogiqError(
      'E_INPUT_MISSING',
      `The labelled text of ${folder} cannot be read: ${cause.message}`,
      'Name a folder that holds model/labelled_templates.tsv, model/labelled_lines.tsv and data/dev_v1.csv.',
      { cause },
    );
  });
  if (rows.length === 0) throw new LogiqError('E_USAGE', `${folder} holds no text with a label of the model.`);
  return { rows, examples: toExamples(rows) };
}
