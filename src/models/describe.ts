import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMBEDDER_FILES, essentialFiles } from '../embedders/files.ts';
import { sha256 } from '../embedders/sha256.ts';
import type { Evaluation } from '../head/evaluate.ts';
import { NORMALISER_VERSION } from '../template/normalise.ts';
import type { LabelMeaning } from '../types.ts';
import type { Example } from '../training/examples.ts';
import { encodeHead, HEAD_FILE } from './head-file.ts';
import {
  MODEL_FORMAT,
  type CrossValidationFacts,
  type EmbedderFacts,
  type FeatureFacts,
  type GoalFacts,
  type ModelMetadata,
} from './metadata.ts';
import { encodeLexical, encodeNgrams, LEXICAL_FILE, NGRAMS_FILE } from './ngram-files.ts';
import type { TrainedModel } from './train.ts';

export interface ModelFacts {
  readonly name: string;
  /** Bundled name, hub id or absolute path of the embedder, and the folder that it is in; null for n-grams alone. */
  readonly embedder: { readonly name: string; readonly dir: string } | null;
  readonly labels: readonly LabelMeaning[];
  readonly threshold: number;
  readonly labelThresholds?: Readonly<Record<string, number>>;
  readonly goal?: GoalFacts;
  /** See `ScoringModel`. */
  readonly leastKnown?: number;
  /** Day of the training text, YYYY-MM-DD. */
  readonly date: string;
  readonly folds: number;
  readonly seed: number;
}

/** A model whose heads were fitted apart was held out by system alone. */
export type DescribedModel = Omit<TrainedModel, 'byTemplate'> & Partial<Pick<TrainedModel, 'byTemplate'>>;

/** Collects what `metadata.json` says of a trained model. */
export async function describeModel(
  trained: DescribedModel,
  examples: readonly Example[],
  facts: ModelFacts,
): Promise<Omit<ModelMetadata, 'files'>> {
  const { byTemplate, bySystem, lexical } = trained;
  return {
    format: MODEL_FORMAT,
    name: facts.name,
    labels: facts.labels,
    embedder: facts.embedder && (await embedderFacts(facts.embedder)),
    features: featuresOf(trained),
    normaliser: NORMALISER_VERSION,
    threshold: facts.threshold,
    ...(facts.labelThresholds && { labelThresholds: facts.labelThresholds }),
    temperature: round(trained.temperature, 6),
    ...(facts.leastKnown !== undefined && { leastKnown: facts.leastKnown }),
    ...(lexical && { lexical: { temperature: round(lexical.temperature, 6), threshold: lexical.threshold } }),
    training: {
      rows: examples.reduce((sum, { rows }) => sum + rows, 0),
      templates: new Set(examples.map(({ template }) => template)).size,
      rowsByLabel: Object.fromEntries(facts.labels.map(({ label }) => [label, rowsOf(label, examples)])),
      date: facts.date,
      c: trained.c,
      ...(trained.tried.length > 0 && {
        tried: trained.tried.map(({ c, logLoss }) => ({ c, logLoss: round(logLoss, 4) })),
      }),
      ...(facts.goal && { goal: facts.goal }),
      seed: facts.seed,
      ...(byTemplate === undefined && { apart: true }),
      iterations: trained.iterations,
      crossValidation: [
        ...(byTemplate === undefined ? [] : [scores('template', byTemplate, facts.folds)]),
        ...(bySystem === undefined ? [] : [scores('system', bySystem, facts.folds)]),
      ],
    },
  };
}

/** Files of a trained model's folder, by name. */
export function encodeModel(
  { head, ngrams, lexical }: Pick<DescribedModel, 'head' | 'ngrams' | 'lexical'>,
): Record<string, Uint8Array<ArrayBuffer>> {
  return {
    [HEAD_FILE]: encodeHead(head),
    ...(ngrams && { [NGRAMS_FILE]: encodeNgrams(ngrams) }),
    ...(lexical && { [LEXICAL_FILE]: encodeLexical(lexical, ngrams) }),
  };
}

function featuresOf({ head, ngrams }: DescribedModel): readonly FeatureFacts[] {
  return [
    ...(head.columns > 0 ? [{ kind: 'embedding', columns: head.columns } as const] : []),
    ...(ngrams ? [{ kind: 'ngrams', columns: ngrams.vocabulary.columns } as const] : []),
  ];
}

function rowsOf(label: string, examples: readonly Example[]): number {
  return examples.reduce((sum, example) => sum + (example.label === label ? example.rows : 0), 0);
}

async function embedderFacts({ name, dir }: { name: string; dir: string }): Promise<EmbedderFacts> {
  const hashes: Record<string, string> = {};
  for (const file of essentialFiles(dir)) hashes[file] = await sha256(await readFile(join(dir, file)));
  const config = JSON.parse(await readFile(join(dir, EMBEDDER_FILES.config), 'utf8')) as { tuned_from?: unknown };
  const { tuned_from: tunedFrom } = config;
  return { name, ...(typeof tunedFrom === 'string' && { tunedFrom }), sha256: hashes };
}

function scores(
  groupedBy: CrossValidationFacts['groupedBy'],
  evaluation: Evaluation,
  folds: number,
): CrossValidationFacts {
  return {
    groupedBy,
    folds,
    accuracy: round(evaluation.accuracy, 4),
    macroF1: round(evaluation.macroF1, 4),
    ece: round(evaluation.ece, 4),
    coverageAtPrecision90: round(evaluation.coverageAt90.share, 4),
    coverageAtPrecision95: round(evaluation.coverageAt95.share, 4),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
