import { sha256 } from '../embedders/sha256.ts';
import type { Sha256ByFile } from '../embedders/files.ts';
import { LogiqError } from '../errors.ts';
import type { LabelMeaning } from '../types.ts';
import type { FeatureKind } from './feature-blocks.ts';

/** Layout of a model folder; raised when an older logiq could not read it. Since 2 both heads may share n-gram weights. */
export const MODEL_FORMAT = 2;
const OLDEST_FORMAT = 1;

/** Content of `metadata.json`: everything about a model that is not a weight. */
export interface ModelMetadata {
  readonly format: number;
  readonly name: string;
  /** In the order of the head's classes. */
  readonly labels: readonly LabelMeaning[];
  /** Null for a model that sees n-grams alone. */
  readonly embedder: EmbedderFacts | null;
  /** What the head sees, block after block. */
  readonly features: readonly FeatureFacts[];
  /** `NORMALISER_VERSION` of the templates that the head was trained on. */
  readonly normaliser: number;
  /** Least confidence in [0, 1] that counts as sure, unless a setting says otherwise. */
  readonly threshold: number;
  /** The same for labels that do better with their own; a setting replaces these, too. */
  readonly labelThresholds?: Readonly<Record<string, number>>;
  readonly temperature: number;
  /** Share of a text's character n-grams below which it is foreign; absent where too little text made the vocabulary. */
  readonly leastKnown?: number;
  /** The head over n-grams alone that is asked before the encoder. */
  readonly lexical?: { readonly temperature: number; readonly threshold: number };
  readonly training: TrainingFacts;
  /** Hashes of the folder's other files, all but those that people edit (rules.yaml, README.md). */
  readonly files: Sha256ByFile;
}

export interface EmbedderFacts {
  /** A folder under `models/`, a path, or the id of a pulled one. */
  readonly name: string;
  /** The encoder that it was tuned from, whose name stands for it, too. */
  readonly tunedFrom?: string;
  readonly sha256: Sha256ByFile;
}

export interface FeatureFacts {
  readonly kind: FeatureKind;
  readonly columns: number;
}

export interface TrainingFacts {
  readonly rows: number;
  readonly templates: number;
  readonly rowsByLabel: Readonly<Record<string, number>>;
  /** Day of the training text, YYYY-MM-DD. */
  readonly date: string;
  /** Inverse strength of the L2 penalty. */
  readonly c: number;
  /** The strengths that were tried, with the log loss of held-out rows; absent when C was given. */
  readonly tried?: ReadonlyArray<{ readonly c: number; readonly logLoss: number }>;
  /** How the thresholds were chosen, and what they came to on held-out rows; absent when they were given. */
  readonly goal?: GoalFacts;
  readonly seed: number;
  /** Whether the heads over the embedding and the n-grams were fitted one by one, as an encoder tuned on the same text needs it. */
  readonly apart?: true;
  readonly iterations: number;
  /** Scores on rows that the scored head had not seen. */
  readonly crossValidation: readonly CrossValidationFacts[];
}

export interface GoalFacts {
  readonly targetPrecision?: number;
  readonly targetLlmShare?: number;
  readonly precision: number;
  readonly llmShare: number;
}

export interface CrossValidationFacts {
  /** Rows that share it are never on both sides. */
  readonly groupedBy: 'template' | 'system';
  readonly folds: number;
  readonly accuracy: number;
  readonly macroF1: number;
  /** After the temperature. */
  readonly ece: number;
  readonly coverageAtPrecision90: number;
  readonly coverageAtPrecision95: number;
}

const CHECKSUM = /"checksum": "([0-9a-f]{64})"\n\}\n$/;
const UNSEALED = '"checksum": ""\n}\n';

/** Text of `metadata.json`; it ends with a hash of itself, so that a flipped byte is noticed here, too. */
export async function sealMetadata(metadata: ModelMetadata): Promise<string> {
  const text = `${JSON.stringify({ ...metadata, checksum: '' }, null, 2)}\n`;
  return text.replace(UNSEALED, `"checksum": "${await sha256(Buffer.from(text))}"\n}\n`);
}

/**
 * @param path Only for messages.
 * @throws {LogiqError} E_MODEL_DAMAGED when the text is not as it was written, E_MODEL_SHAPE when it is of a format that
 * this version does not read.
 */
export async function openMetadata(text: string, path: string): Promise<ModelMetadata> {
  const sealed = CHECKSUM.exec(text)?.[1];
  if (sealed === undefined || (await sha256(Buffer.from(text.replace(CHECKSUM, UNSEALED)))) !== sealed) {
    throw new LogiqError('E_MODEL_DAMAGED', `The model's file ${path} is damaged.`, 'Reinstall or train the model again.');
  }
  const { checksum: _, ...metadata } = JSON.parse(text) as ModelMetadata & { checksum: string };
  if (!(metadata.format >= OLDEST_FORMAT && metadata.format <= MODEL_FORMAT)) {
    throw new LogiqError(
      'E_MODEL_SHAPE',
      `${path} has the format ${metadata.format}; this version of logiq reads ${OLDEST_FORMAT} to ${MODEL_FORMAT}.`,
      'Train the model again with this version.',
    );
  }
  return metadata;
}
