import { visibleLine } from '../../dist/output/terminal.js';
import { count, percent, plural } from '../../dist/report/numbers.js';

/** A report as Markdown, 100 columns wide. */
export function renderReport({ exam, model, encoder, text, datasets, systems, ahead }) {
  const { file, without, rows, templates, noLabelRows, foreignRows, seenTemplateRows } = exam;
  return [
    `${visibleLine(file)}: ${plural(rows, 'row')} of ${plural(templates, 'template')},`,
    `${plural(noLabelRows, 'row')} of no label, ${plural(foreignRows, 'line')} of foreign text.`,
    ...(without.length > 0 ? [`Left out: ${visibleLine(without.join(', '))}.`] : []),
    `Model: ${visibleLine(model)}. LR: logistic regression, fitted like the centroids on ${plural(text.rows, 'row')}`,
    `(${plural(text.templates, 'template')}); ${percent(seenTemplateRows / rows)} of the rows above have a template that is among them.`,
    `Encoder of the baselines: ${visibleLine(encoder)}.`,
    '',
    'Every row weighs the same. Behind each figure: its 95 % interval, from 1,000 draws of templates.',
    '"cover": largest share of rows that can be answered at that precision.',
    '',
    scoreTable(systems),
    '',
    aheadTable(ahead),
    '',
    'What is below the threshold is left open. "no label", "foreign": share of such lines that are. The second threshold of',
    'a baseline is the one at and above which 0.90 of held-out text came out right.',
    '',
    abstentionTable(systems),
    '',
    datasetTable(datasets, systems),
    '',
  ].join('\n');
}

function scoreTable(systems) {
  return table(
    ['system', 'accuracy', 'macro F1', 'cover at .90', 'cover at .95', 'ECE'],
    systems.map(({ name, accuracy, macroF1, coveredAt90, coveredAt95, ece }) => [
      name,
      ...[accuracy, macroF1, coveredAt90, coveredAt95, ece].map(estimate),
    ]),
  );
}

function aheadTable(ahead) {
  return table(
    [`${ahead[0].system}, ahead of`, 'accuracy', 'macro F1'],
    ahead.map(({ of, macroF1, accuracy }) => [of, ...[accuracy, macroF1].map(difference)]),
  );
}

function abstentionTable(systems) {
  return table(
    ['system', 'threshold', 'answered', 'right of these', 'no label', 'foreign'],
    systems.flatMap(({ name, abstention }) =>
      abstention.map(({ threshold, answered, precision, noLabelAbstained, foreignAbstained }) => [
        name,
        threshold === null ? '–' : threshold.toFixed(3),
        ...[answered, precision, noLabelAbstained, foreignAbstained].map(estimate),
      ]),
    ),
  );
}

function datasetTable(datasets, systems) {
  return table(
    ['accuracy in', 'rows', ...systems.map(({ short }) => short)],
    datasets.map(({ dataset, rows }) => [
      visibleLine(dataset),
      count(rows),
      ...systems.map(({ accuracyByDataset }) => accuracyByDataset[dataset].value.toFixed(3)),
    ]),
  );
}

/** `0.671 .65–.69` */
function estimate(of) {
  if (of === null) return '–';
  const [low, high] = [of.low, of.high].map((bound) => bound.toFixed(2).replace(/^0/, '').replace('1.00', '1'));
  return `${of.value.toFixed(3)} ${low}–${high}`;
}

function difference({ value, low, high }) {
  const [of, from, to] = [value, low, high].map((figure) => `${figure < 0 ? '' : '+'}${figure.toFixed(3)}`);
  return `${of} (${from} to ${to})`;
}

/** Padded, so that it also reads well in a terminal. */
function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', String.raw`\|`)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
