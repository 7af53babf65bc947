import { resolve } from 'node:path';
import type { Provider } from './embedders/device.ts';
import { startEmbedder } from './embedders/remote.ts';
import { LogiqError } from './errors.ts';
import { groqModelFacts } from './llm/models.ts';
import { oneCallARow, type OneCallARow } from './llm/one-call-a-row.ts';
import type { Llm, LlmSettings } from './llm/open-llm.ts';
import { whyOff } from './llm/why-off.ts';
import { loadModel, type Model } from './models/load.ts';
import { loadRules } from './rules/load.ts';
import { loadModelRules } from './rules/model-rules.ts';
import type { Settings } from './settings/registry.ts';
import { createFallbackStage } from './stages/fallback.ts';
import { createLlmStage } from './stages/llm.ts';
import { createModelStage, createScorer } from './stages/model.ts';
import { createRulesStage } from './stages/rules.ts';
import { createMemo } from './template/memo.ts';
import { UNCLASSIFIED, type Io, type Stage } from './types.ts';

/** Templates remembered at most: 200,000 of 150 characters are about 100 MB. */
const MAX_TEMPLATES = 200_000;

/** The stages of a run, joined, and what they have to tell afterwards. */
export interface Cascade {
  /** In the order in which they are asked. */
  readonly stages: readonly Stage[];
  readonly model: Model;
  /** That a row can get: those of the model and the rules, and that of no answer. */
  readonly labels: readonly string[];
  /** Name of the encoder in use; null when rules alone decide. */
  readonly embedder: string | null;
  readonly threshold: number;
  /** What has run the encoder; undefined where nothing was embedded. */
  device(): Provider | undefined;
  /** Null when nothing may be sent. */
  readonly llm: Llm | null;
  readonly llmOff: 'offline' | 'no key' | null;
  readonly llmModel: string;
  /** Distinct templates scored so far. */
  templates(): number;
  readonly oneCallARow: (rows: number) => OneCallARow;
  /** Waits for what is running, then ends the threads. To be called once, also after an error. */
  close(): Promise<void>;
}

/** What a cascade is made from: all of the settings but those on input and output. */
export type CascadeSettings = Pick<Settings, 'model' | 'embedder' | 'threshold' | 'rules' | 'threads' | 'device'> &
  LlmSettings;

export interface CascadeOptions {
  /** File that carries the LLM budget over a crash. */
  readonly ledgerPath?: string | undefined;
  /** What stands in for the LLM, such as a stage that only takes note; then nothing is sent. */
  readonly insteadOfLlm?: Stage | undefined;
  /** All threads of the encoder start at once, and give way to the one that answers requests. */
  readonly isServing?: boolean | undefined;
}

/**
 * Rules, then the head over the embedding, then the LLM where it may be asked, then the head's best guess. Behind the
 * rules everything is decided once per template: scores and answers sit behind a memo each.
 *
 * @throws {LogiqError} for a model, rules file or embedder that cannot be used.
 */
export async function openCascade(
  settings: CascadeSettings,
  io: Pick<Io, 'env' | 'cwd'>,
  { ledgerPath, insteadOfLlm, isServing }: CascadeOptions = {},
): Promise<Cascade> {
  const model = await loadModel(settings.model, io.cwd, io.env);
  const { metadata } = model;
  const threshold = settings.threshold ?? metadata.threshold;
  const labelThresholds = settings.threshold === undefined ? metadata.labelThresholds : undefined;
  const embedderName = chosenEmbedder(settings.embedder, model, io.cwd);
  const embedder =
    embedderName === null || model.embedderDir === undefined
      ? undefined
      : startEmbedder(model.embedderDir, {
          sha256: metadata.embedder?.sha256 ?? {},
          device: settings.device,
          isServing,
          ...(settings.threads && { threads: settings.threads }),
        });
  const canScore = settings.embedder !== 'none' && (embedder ?? model.lexical ?? model.ngrams) !== undefined;

  try {
    // an explicit device that does not work is told although n-grams may leave the encoder nothing to do
    if (embedder && settings.device !== 'cpu' && settings.device !== 'auto')
      await embedder.embed(['-'], neverAborted());
    const rules = [
      ...(settings.rules === undefined ? [] : await loadRules(resolve(io.cwd, settings.rules))),
      ...(await loadModelRules(model.dir)),
    ];
    const scores = canScore
      ? createMemo(createScorer(embedder, model, threshold), { maxEntries: MAX_TEMPLATES })
      : undefined;
    const llmOff = whyOff(settings, io.env);
    const { openLlm } = llmOff === null && !insteadOfLlm ? await import('./llm/open-llm.ts') : {};
    const llm = openLlm?.(settings, metadata.labels, io.env, ledgerPath) ?? null;
    const answers =
      llm && createMemo((templates, signal) => llm.classify(templates, signal), { maxEntries: MAX_TEMPLATES });
    const llmStage = insteadOfLlm ?? (answers ? createLlmStage({ classify: answers.ask }) : undefined);

    return {
      stages: [
        createRulesStage(rules),
        ...(scores ? [createModelStage(scores.ask, threshold, labelThresholds)] : []),
        ...(llmStage ? [llmStage] : []),
        createFallbackStage(scores?.ask),
      ],
      model,
      labels: [...new Set([...metadata.labels, ...rules].map(({ label }) => label)), UNCLASSIFIED],
      embedder: embedderName,
      threshold,
      device: () => embedder?.provider(),
      llm,
      llmOff,
      llmModel: settings.llmModel,
      templates: () => scores?.counters().misses ?? 0,
      oneCallARow: (rows) =>
        oneCallARow(
          rows,
          metadata.labels,
          settings.llmBaseUrl === undefined ? (groqModelFacts(settings.llmModel)?.price ?? null) : null,
        ),
      close: async () => embedder?.close(),
    };
  } catch (error) {
    await embedder?.close();
    throw error;
  }
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

/**
 * A head belongs to its encoder: another one needs another head.
 *
 * @param asked `none`: rules alone are to decide; `ngrams`: the head over n-grams alone.
 * @returns Null where no encoder is to run.
 */
function chosenEmbedder(
  asked: string | undefined,
  { metadata, lexical, embedderDir }: Model,
  cwd: string,
): string | null {
  const trainedOn = metadata.embedder?.name ?? null;
  const tunedFrom = metadata.embedder?.tunedFrom;
  if (asked === 'none' || (asked === undefined && trainedOn === null)) return null;
  if (asked === 'ngrams' && (lexical !== undefined || trainedOn === null)) return null;
  if (trainedOn !== null) {
    const isSame = (name: string): boolean =>
      ownName(name) === ownName(trainedOn) ||
      ownName(name) === tunedFrom ||
      resolve(cwd, name) === resolve(embedderDir ?? trainedOn);
    if (asked === undefined || isSame(asked)) return trainedOn;
  }
  throw new LogiqError(
    'E_EMBEDDER',
    trainedOn === null
      ? `The model was trained on n-grams alone, not on the embedder "${asked}".`
      : `The model was trained on the embedder "${trainedOn}", not on "${asked}".`,
    `Leave out --embedder and EMBEDDING_MODEL_NAME, or fit one of your own: logiq train FILE --embedder ${asked}`,
  );
}

function ownName(embedder: string): string {
  return embedder.replace(/^sentence-transformers\//, '');
}
