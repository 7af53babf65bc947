import { resolve } from 'node:path';
import { startEmbedder } from './embedders/remote.ts';
import { LogiqError } from './errors.ts';
import { createLlmClassifier, type LlmClassifier } from './llm/classifier.ts';
import { groqModelFacts } from './llm/models.ts';
import { oneCallARow, type OneCallARow } from './llm/one-call-a-row.ts';
import { createGroqProvider } from './llm/providers/groq.ts';
import { loadModel, type Model } from './models/load.ts';
import { loadRules } from './rules/load.ts';
import { loadModelRules } from './rules/model-rules.ts';
import type { Settings } from './settings/registry.ts';
import { createFallbackStage } from './stages/fallback.ts';
import { createLlmStage } from './stages/llm.ts';
import { createModelStage, createScorer } from './stages/model.ts';
import { createRulesStage } from './stages/rules.ts';
import { createMemo } from './template/memo.ts';
import type { Io, Stage } from './types.ts';

/** Templates remembered at most: 200,000 of 150 characters are about 100 MB. */
const MAX_TEMPLATES = 200_000;

/** The stages of a run, joined, and what they have to tell afterwards. */
export interface Cascade {
  /** In the order in which they are asked. */
  readonly stages: readonly Stage[];
  readonly model: Model;
  /** Name of the encoder in use; null when rules alone decide. */
  readonly embedder: string | null;
  readonly threshold: number;
  /** Null when nothing may be sent. */
  readonly llm: LlmClassifier | null;
  readonly llmOff: 'offline' | 'no key' | null;
  readonly llmModel: string;
  /** Distinct templates scored so far. */
  templates(): number;
  readonly oneCallARow: (rows: number) => OneCallARow;
  /** Waits for what is running, then ends the threads. To be called once, also after an error. */
  close(): Promise<void>;
}

/** What a cascade is made from: all of the settings but those on input and output. */
export type CascadeSettings = Pick<
  Settings,
  'model' | 'embedder' | 'threshold' | 'rules' | 'threads' | 'offline' | 'llmModel' | 'llmConcurrency'
>;

/**
 * Rules, then the head over the embedding, then the LLM where it may be asked, then the head's best guess. Behind the
 * rules everything is decided once per template: scores and answers sit behind a memo each.
 *
 * @throws {LogiqError} for a model, rules file or embedder that cannot be used.
 */
export async function openCascade(settings: CascadeSettings, io: Pick<Io, 'env' | 'cwd'>): Promise<Cascade> {
  const model = await loadModel(settings.model, io.cwd);
  const { metadata } = model;
  const threshold = settings.threshold ?? metadata.threshold;
  const embedderName = chosenEmbedder(settings.embedder, metadata.embedder.name);
  const embedder =
    embedderName === null
      ? undefined
      : startEmbedder(model.embedderDir, {
          sha256: metadata.embedder.sha256,
          ...(settings.threads && { threads: settings.threads }),
        });

  try {
    const rules = [
      ...(settings.rules === undefined ? [] : await loadRules(resolve(io.cwd, settings.rules))),
      ...(await loadModelRules(model.dir)),
    ];
    const scores = embedder && createMemo(createScorer(embedder, model), { maxEntries: MAX_TEMPLATES });
    const { llm, llmOff } = openLlm(settings, model, io.env);
    const answers =
      llm && createMemo((templates, signal) => llm.classify(templates, signal), { maxEntries: MAX_TEMPLATES });

    return {
      stages: [
        createRulesStage(rules),
        ...(scores ? [createModelStage(scores.ask, threshold)] : []),
        ...(answers ? [createLlmStage({ classify: answers.ask })] : []),
        createFallbackStage(scores?.ask),
      ],
      model,
      embedder: embedderName,
      threshold,
      llm,
      llmOff,
      llmModel: settings.llmModel,
      templates: () => scores?.counters().misses ?? 0,
      oneCallARow: (rows) => oneCallARow(rows, metadata.labels, groqModelFacts(settings.llmModel)?.price ?? null),
      close: async () => embedder?.close(),
    };
  } catch (error) {
    await embedder?.close();
    throw error;
  }
}

/** A head belongs to its encoder: another one needs another head. */
function chosenEmbedder(asked: string | undefined, trainedOn: string): string | null {
  if (asked === undefined || asked === trainedOn || asked === `sentence-transformers/${trainedOn}`) return trainedOn;
  if (asked === 'none') return null;
  throw new LogiqError(
    'E_EMBEDDER',
    `The model was trained on the embedder "${trainedOn}", not on "${asked}".`,
    `Leave out --embedder and EMBEDDING_MODEL_NAME, or choose a model that was trained on "${asked}" with --model.`,
  );
}

function openLlm(
  settings: CascadeSettings,
  { metadata }: Model,
  env: Io['env'],
): { llm: LlmClassifier | null; llmOff: Cascade['llmOff'] } {
  const apiKey = env['GROQ_API_KEY'];
  if (settings.offline) return { llm: null, llmOff: 'offline' };
  if (!apiKey) return { llm: null, llmOff: 'no key' };
  const provider = createGroqProvider({ apiKey, model: settings.llmModel });
  const llm = createLlmClassifier({ provider, labels: metadata.labels, concurrency: settings.llmConcurrency });
  return { llm, llmOff: null };
}
