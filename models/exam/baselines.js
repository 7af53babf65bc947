import { fitTemperature } from '../../dist/head/calibrate.js';
import { evaluate } from '../../dist/head/evaluate.js';
import { groupedFolds } from '../../dist/head/folds.js';
import { argmax, predictProba, predictScores, toProbabilities } from '../../dist/head/predict.js';
import { sparseFeatures } from '../../dist/head/sparse.js';
import { countEach, fitVocabulary, toTfidf } from '../../dist/head/tfidf.js';
import { fitHead } from '../../dist/head/train.js';
import { createScore } from '../../dist/models/score.js';
import { createFallbackStage } from '../../dist/stages/fallback.js';
import { createModelStage } from '../../dist/stages/model.js';
import { createMemo } from '../../dist/template/memo.js';
import { toWords } from '../../dist/template/words.js';

/** Least confidence that counts as an answer, as in the bundled model. */
const THRESHOLD = 0.5;
const SEED = 1;
/** One part in so many is held out for the threshold at precision 0.90. */
const FOLDS = 5;
/** Texts below which an n-gram that occurs once is kept: with so few, most words do. */
const FEW_TEXTS = 1000;
const MAX_TEMPLATES = 200_000;
/** Largest gradient element at which a fit stops, as for the bundled model. */
const TOLERANCE = 3e-4;

/**
 * What one would otherwise reach for, fitted on examples: each a system whose stages judge rows as those of the program
 * do, once per template. Logistic regressions are as they come, without a temperature; a centroid's cosines need one to
 * be probabilities.
 *
 * @param labels In the order of the classes.
 * @param vectors Features of texts, from an encoder that is not fitted (`vectors.js`).
 * @returns `{name, short, stages, threshold, preciseFrom}`: at `preciseFrom` and above, 0.90 of held-out examples are right.
 */
export async function fitBaselines(examples, labels, vectors, tell) {
  const texts = examples.map(({ template }) => toWords(template));
  const data = {
    truth: examples.map(({ label }) => labels.indexOf(label)),
    rowWeights: Float64Array.from(examples, ({ weight }) => weight),
    foldOf: groupedFolds(
      examples.map(({ group }) => group),
      FOLDS,
      SEED,
    ),
    labels,
  };
  const ngrams = representByNgrams(texts);
  const baselines = [
    { name: 'TF-IDF + LR', short: 'TF-IDF', represent: ngrams, fit: logisticRegression(10) },
    { name: 'encoder + LR', short: 'encoder', represent: vectors, fit: logisticRegression(3) },
    {
      name: 'nearest centroid',
      short: 'centroid',
      represent: vectors,
      fit: unitCentroids,
      isCalibrated: true,
    },
  ];
  const fitted = [];
  for (const { name, short, represent, fit, isCalibrated = false } of baselines) {
    tell(`fitting ${name}`);
    const features = await represent(texts);
    const { temperature, preciseFrom } = holdOut(features, data, fit, isCalibrated);
    const head = fit(features, data);
    const score = createMemo(createScorer(represent, head, temperature, labels), { maxEntries: MAX_TEMPLATES });
    const stages = [createModelStage(score.ask, THRESHOLD), createFallbackStage(score.ask)];
    fitted.push({ name, short, stages, threshold: THRESHOLD, preciseFrom });
  }
  return fitted;
}

/** Words 1-2 and characters 2-5, tf-idf with sublinear counts. */
function representByNgrams(texts) {
  const vocabulary = fitVocabulary(countEach(texts), texts.length < FEW_TEXTS ? 1 : 2);
  return async (others) => sparseFeatures(toTfidf(countEach(others), vocabulary));
}

function logisticRegression(c) {
  return (features, { truth, rowWeights, labels }) =>
    fitHead(features, truth, { c, classes: labels.length, rowWeights, tolerance: TOLERANCE }).head;
}

/** The mean of each class's vectors, of L2 norm 1, as a head: its scores are cosines. */
function unitCentroids(features, { truth, rowWeights, labels }) {
  const { columns } = features;
  const shares = new Float64Array(truth.length * labels.length);
  for (const [row, label] of truth.entries()) shares[row * labels.length + label] = rowWeights[row];
  const coef = new Float64Array(labels.length * columns);
  features.addGradient(shares, coef, columns, 0);
  for (let start = 0; start < coef.length; start += columns) {
    const centroid = coef.subarray(start, start + columns);
    const norm = Math.hypot(...centroid);
    if (norm > 0) for (let k = 0; k < columns; k++) centroid[k] /= norm;
  }
  return { classes: labels.length, columns, coef, intercept: new Float64Array(labels.length) };
}

/** Fits on four parts of five and looks at the fifth: no template is in both. */
function holdOut(features, { truth, rowWeights, foldOf, labels }, fit, isCalibrated) {
  const inside = foldOf.flatMap((fold, row) => (fold === 0 ? [] : [row]));
  const outside = foldOf.flatMap((fold, row) => (fold === 0 ? [row] : []));
  const ofRows = (rows) => rows.map((row) => truth[row]);
  const head = fit(features.select(inside), {
    truth: ofRows(inside),
    rowWeights: Float64Array.from(inside, (row) => rowWeights[row]),
    labels,
  });
  const scores = predictScores(features.select(outside), head);
  const heldOut = ofRows(outside);
  const temperature = isCalibrated ? fitTemperature(scores, heldOut, labels.length) : 1;
  const { coverageAt90 } = evaluate(toProbabilities(scores, temperature, labels.length), heldOut, labels);
  return { temperature, preciseFrom: coverageAt90.threshold };
}

/** @returns `ScoreTemplates`, as the program's own scorer (`src/stages/model.ts`). */
function createScorer(represent, head, temperature, labels) {
  return async (templates) => {
    const probabilities = predictProba(await represent(templates.map(toWords)), head, temperature);
    return templates.map((_, row) => {
      const top = argmax(probabilities, row * labels.length, labels.length);
      return createScore(labels[top], probabilities[row * labels.length + top], 'embedding_classifier');
    });
  };
}
