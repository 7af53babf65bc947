import type { RemoteEmbedder } from '../embedders/remote.ts';
import { pickRows } from '../head/pick-rows.ts';
import { countEach, knownShare, toTfidf } from '../head/tfidf.ts';
import { sumNgrams } from '../models/ngram-weights.ts';
import { createScore, doubtForeign, scoreNgrams, scoreTexts, type Score, type ScoringModel } from '../models/score.ts';
import { placeholders } from '../template/placeholders.ts';
import { toWords } from '../template/words.ts';
import { UNCLASSIFIED, type Stage } from '../types.ts';

/** Best guess of each template, in order. It costs inference: put it behind the memo (`template/memo.ts`). */
export type ScoreTemplates = (templates: readonly string[], signal: AbortSignal) => Promise<readonly Score[]>;

/**
 * Joins an embedder and a head; templates reach both as words. Where n-grams alone are sure, the embedder is not asked. A
 * template without any word, such as that of an empty line or of a lone number or id, says nothing, of which the head would
 * still be confident: it is `Unclassified` and costs no inference. Nor does text in a script that training never saw.
 *
 * @param embedder Absent: n-grams alone decide, also where they are unsure; for a model that sees some.
 * @param leastSure Confidence below which n-grams alone never suffice: the threshold of the run.
 */
export function createScorer(
  embedder: Pick<RemoteEmbedder, 'embed'> | undefined,
  model: ScoringModel,
  leastSure = 0,
): ScoreTemplates {
  return async (templates, signal) => {
    const telling = templates.filter(saysSomething);
    const scores = (await scoreTelling(telling.map(toWords), embedder, model, leastSure, signal)).values();
    return templates.map((template) => (saysSomething(template) ? scores.next().value! : NOTHING));
  };
}

const NOTHING: Score = createScore(UNCLASSIFIED, 0, 'embedding_classifier');

const PLACEHOLDER = new RegExp(Object.keys(placeholders).join('|'), 'g');

function saysSomething(template: string): boolean {
  return /[\p{L}\p{N}]/u.test(template.replace(PLACEHOLDER, ''));
}

async function scoreTelling(
  texts: readonly string[],
  embedder: Pick<RemoteEmbedder, 'embed'> | undefined,
  model: ScoringModel,
  leastSure: number,
  signal: AbortSignal,
): Promise<Score[]> {
  const { lexical, labels } = model;
  const counts = model.ngrams && countEach(texts);
  const ngrams = model.ngrams && counts && toTfidf(counts, model.ngrams.vocabulary);
  if (!lexical || !ngrams) {
    const sums = ngrams && sumNgrams(ngrams, model.ngrams);
    return embedAndScore(texts, sums, embedder, model, signal);
  }
  const sums = sumNgrams(ngrams, lexical);
  const scores = scoreNgrams(sums, lexical, labels);
  const foreign = new Set<number>();
  for (const [at, own] of model.leastKnown === undefined ? [] : counts.entries()) {
    const known = knownShare(own, model.ngrams.vocabulary);
    if (known >= model.leastKnown!) continue;
    foreign.add(at);
    scores[at] = doubtForeign(scores[at]!, known);
  }
  if (!embedder) return scores;
  const enough = Math.max(lexical.threshold, leastSure);
  const open = scores.flatMap(({ sure }, at) => (sure.confidence >= enough || foreign.has(at) ? [] : [at]));
  const jointSums = model.ngrams.weights === lexical.weights ? sums : sumNgrams(ngrams, model.ngrams);
  const openTexts = open.map((at) => texts[at]!);
  const better = await embedAndScore(openTexts, pickRows(jointSums, open, labels.length), embedder, model, signal);
  for (const [i, at] of open.entries()) scores[at] = better[i]!;
  return scores;
}

async function embedAndScore(
  texts: readonly string[],
  sums: Float64Array | undefined,
  embedder: Pick<RemoteEmbedder, 'embed'> | undefined,
  model: ScoringModel,
  signal: AbortSignal,
): Promise<Score[]> {
  const vectors = embedder && texts.length > 0 ? await embedder.embed(texts, signal) : new Float32Array();
  return scoreTexts(vectors, sums, texts.length, model);
}

/**
 * @param threshold Least confidence, in [0, 1], that counts as sure. `Unclassified` never does.
 * @param byLabel The same for labels that have their own.
 */
export function createModelStage(
  score: ScoreTemplates,
  threshold: number,
  byLabel: Readonly<Record<string, number>> = {},
): Stage {
  const own = new Map(Object.entries(byLabel));
  return {
    name: 'model',
    reads: 'template',
    async classify(templates, signal) {
      const scores = await score(templates, signal);
      return scores.map(({ sure }) =>
        sure.confidence >= (own.get(sure.label) ?? threshold) && sure.label !== UNCLASSIFIED ? sure : null,
      );
    },
  };
}
