import { MODEL_FORMAT, type ModelMetadata } from '../../src/models/metadata.ts';
import { NORMALISER_VERSION } from '../../src/template/normalise.ts';

/** Facts of a model of two labels that sees nothing; tests add what they are about. */
export const TINY: Omit<ModelMetadata, 'files'> = {
  format: MODEL_FORMAT,
  name: 'tiny',
  labels: [
    { label: 'routine', meaning: 'Normal life.' },
    { label: 'crash', meaning: 'Something died.' },
  ],
  embedder: null,
  features: [],
  normaliser: NORMALISER_VERSION,
  threshold: 0.5,
  temperature: 1,
  training: {
    rows: 2,
    templates: 2,
    rowsByLabel: { routine: 1, crash: 1 },
    date: '2026-01-01',
    c: 3,
    seed: 1,
    iterations: 10,
    crossValidation: [],
  },
};
