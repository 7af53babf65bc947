import { toTemplate } from '../../dist/template/normalise.js';
import { UNCLASSIFIED } from '../../dist/types.js';
import { bootstrap } from './bootstrap.js';
import { prepareFigures, prepareShare } from './figures.js';

/** Of the bootstrap; that of `logiq eval`, whose intervals are the same. */
const SEED = 1;

/**
 * Everything that is printed, as plain data. Estimates are `{value, low, high}`, with 95 % intervals; shares are in [0, 1].
 *
 * @param judged `{system, labelled, noLabel, foreign}`: outcomes of each system on the same rows.
 */
export function createReport({ file, without, rows, text, model, encoder, judged }) {
  const groups = {
    labelled: groupByTemplate(rows.labelled),
    noLabel: groupByTemplate(rows.noLabel),
    foreign: groupByTemplate(rows.foreign),
  };
  const datasets = [...new Set(rows.labelled.map(({ dataset }) => dataset))].toSorted((a, b) => a.localeCompare(b));
  return {
    exam: { file, without, ...countRows(rows, groups), seenTemplateRows: countSeen(rows.labelled, text.examples) },
    model: model.metadata.name,
    encoder,
    text: { rows: text.rows.length, templates: groupByTemplate(text.rows).clusters },
    datasets: datasets.map((dataset) => describeDataset(dataset, rows.labelled)),
    systems: judged.map((one) => ({
      name: one.system.name,
      short: one.system.short,
      ...scoreSystem(one, groups.labelled),
      accuracyByDataset: Object.fromEntries(
        datasets.map((dataset) => [dataset, accuracyIn(dataset, one.labelled, rows.labelled, groups.labelled)]),
      ),
      abstention: waysToAbstain(one.system).map((way) => scoreAbstention(way, one, groups)),
    })),
    ahead: compareWithLast(judged, groups.labelled),
  };
}

/** Number of each row's template, in the order of first occurrence. */
function groupByTemplate(rows) {
  const numbers = new Map();
  const clusterOf = rows.map(({ message }) => {
    const template = toTemplate(message);
    if (!numbers.has(template)) numbers.set(template, numbers.size);
    return numbers.get(template);
  });
  return { clusterOf, clusters: numbers.size };
}

function countRows({ labelled, noLabel, foreign }, groups) {
  return {
    rows: labelled.length,
    templates: groups.labelled.clusters,
    noLabelRows: noLabel.length,
    foreignRows: foreign.length,
  };
}

/** Rows whose template is in the text: they say little of systems that are new. */
function countSeen(rows, examples) {
  const known = new Set(examples.map(({ template }) => template));
  return rows.filter(({ message }) => known.has(toTemplate(message))).length;
}

function describeDataset(dataset, rows) {
  const own = rows.filter((row) => row.dataset === dataset);
  return { dataset, rows: own.length, templates: groupByTemplate(own).clusters };
}

function scoreSystem({ system, labelled }, { clusterOf, clusters }) {
  const figures = bootstrap(clusters, prepareFigures(labelled, clusterOf), SEED);
  return system.givesConfidence === false ? { ...figures, ece: null } : figures;
}

function accuracyIn(dataset, outcomes, rows, { clusterOf, clusters }) {
  const share = prepareShare(outcomes, clusterOf, isRight, (_, row) => rows[row].dataset === dataset);
  return bootstrap(clusters, share, SEED).share;
}

/** At the threshold that the stages have, and at the one above which 0.90 of held-out text was right, where it is known. */
function waysToAbstain({ threshold, preciseFrom }) {
  const ways = [{ threshold, answers: ({ method }) => method !== 'fallback' }];
  if (preciseFrom === undefined) return ways;
  const answers = ({ confidence, predicted }) => confidence >= preciseFrom && predicted !== UNCLASSIFIED;
  return [...ways, { threshold: preciseFrom, answers }];
}

function scoreAbstention({ threshold, answers }, { labelled, noLabel, foreign }, groups) {
  const shareOf = (outcomes, { clusterOf, clusters }, isIn, of) =>
    outcomes.length === 0 ? null : bootstrap(clusters, prepareShare(outcomes, clusterOf, isIn, of), SEED).share;
  const abstains = (outcome) => !answers(outcome);
  return {
    threshold,
    answered: shareOf(labelled, groups.labelled, answers),
    precision: labelled.some(answers) ? shareOf(labelled, groups.labelled, isRight, answers) : null,
    noLabelAbstained: shareOf(noLabel, groups.noLabel, abstains),
    foreignAbstained: shareOf(foreign, groups.foreign, abstains),
  };
}

/** How far the last system is ahead of each other one, on the same draws. */
function compareWithLast(judged, { clusterOf, clusters }) {
  const last = judged.at(-1);
  const whole = prepareFigures(last.labelled, clusterOf);
  return judged.slice(0, -1).map(({ system, labelled }) => {
    const other = prepareFigures(labelled, clusterOf);
    const difference = (copies) => {
      const [mine, its] = [whole(copies), other(copies)];
      return { macroF1: mine.macroF1 - its.macroF1, accuracy: mine.accuracy - its.accuracy };
    };
    return { system: last.system.name, of: system.name, ...bootstrap(clusters, difference, SEED) };
  });
}

function isRight({ truth, predicted }) {
  return truth === predicted;
}
