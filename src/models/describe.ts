import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EMBEDDER_FILES } from '../embedders/files.ts';
import { sha256 } from '../embedders/sha256.ts';
import type { Evaluation } from '../head/evaluate.ts';
import { NORMALISER_VERSION } from '../template/normalise.ts';
import type { LabelMeaning } from '../types.ts';
import { locateEmbedder } from './locate.ts';
import { MODEL_FORMAT, type CrossValidationFacts, type ModelMetadata } from './metadata.ts';
import type { TrainedModel, TrainingRow } from './train.ts';

export interface ModelFacts {
  readonly name: string;
  /** Bundled name or absolute path of the embedder's folder. */
  readonly embedder: string;
  readonly labels: readonly LabelMeaning[];
  readonly threshold: number;
  /** Day of the training text, YYYY-MM-DD. */
  readonly date: string;
  readonly c: number;
  readonly folds: number;
  readonly seed: number;
}

/** Collects what `metadata.json` says of a trained model. */
export async function describeModel(
  trained: TrainedModel,
  rows: readonly TrainingRow[],
  facts: ModelFacts,
): Promise<Omit<ModelMetadata, 'files'>> {
  const { byTemplate, bySystem } = trained;
  return {
    format: MODEL_FORMAT,
    name: facts.name,
    labels: facts.labels,
    embedder: { name: facts.embedder, sha256: await hashEmbedder(facts.embedder) },
    features: [{ kind: 'embedding', columns: trained.head.columns }],
    normaliser: NORMALISER_VERSION,
    threshold: facts.threshold,
    temperature: round(trained.temperature, 6),
    training: {
      rows: rows.length,
      templates: trained.templates,
      rowsByLabel: Object.fromEntries(
        facts.labels.map(({ label }) => [label, rows.filter((row) => row.label === label).length]),
      ),
      date: facts.date,
      c: facts.c,
      seed: facts.seed,
      iterations: trained.iterations,
      crossValidation: [
        scores('template', byTemplate, facts.folds),
        ...(bySystem === undefined ? [] : [scores('system', bySystem, facts.folds)]),
      ],
    },
  };
}

async function hashEmbedder(nameOrDir: string): Promise<Record<string, string>> {
  const dir = await locateEmbedder(nameOrDir, process.cwd());
  const files = Object.values(EMBEDDER_FILES).filter((file) => existsSync(join(dir, file)));
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file] = await sha256(await readFile(join(dir, file)));
  return hashes;
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
