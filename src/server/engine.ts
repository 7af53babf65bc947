import type { Cascade } from '../cascade.ts';
import { runPipeline } from '../pipeline.ts';
import { stripPrefix } from '../input/prefix.ts';
import { stripEscapes } from '../input/text.ts';
import { toTemplate } from '../template/normalise.ts';
import type { RunStats } from '../stats/run-stats.ts';
import type { LabelledBatch, RecordBatch, Stage, Verdict } from '../types.ts';
import { createStep } from './in-step.ts';
import { inTurns, TEXTS_A_TURN } from './in-turns.ts';
import { HttpProblem } from './problem.ts';

/** Batches of one upload in flight at most. */
const UPLOAD_WINDOW = 16;

export type EngineState = 'loading' | 'ready' | 'stopping';

/** The cascade behind the routes, from before it is loaded until it is closed. */
export interface Engine {
  state(): EngineState;
  /** Undefined while it is loading. */
  cascade(): Cascade | undefined;
  /** @throws {HttpProblem} starting, stopping. */
  throwUnlessReady(): void;
  ready(cascade: Cascade): void;
  stop(): void;
  /**
   * Decides messages at once, as if each were a line of a raw log; of many, a few at a time, so that one by itself goes first.
   *
   * @throws {HttpProblem} starting, stopping.
   */
  classify(messages: readonly string[], stats: RunStats, signal: AbortSignal): Promise<readonly Verdict[]>;
  /**
   * Decides the rows of an upload, in step with what comes for `classify` meanwhile.
   *
   * @throws {HttpProblem} starting, stopping.
   */
  label(batches: AsyncIterable<RecordBatch>, stats: RunStats, signal: AbortSignal): AsyncGenerator<LabelledBatch>;
}

export function createEngine(): Engine {
  const inStep = createStep();
  let opened: Lanes | undefined;
  let isStopping = false;

  const open = () => {
    if (isStopping) throw new HttpProblem('stopping', 'The server is stopping.', { retryAfterSeconds: 2 });
    if (opened) return opened;
    throw new HttpProblem('starting', 'The model is being loaded, which takes a second or two.', {
      retryAfterSeconds: 1,
    });
  };
  return {
    state: () => (isStopping ? 'stopping' : opened ? 'ready' : 'loading'),
    cascade: () => opened?.cascade,
    throwUnlessReady: () => void open(),
    ready(cascade) {
      opened = { cascade, many: inLane(cascade.stages), uploads: inLane(cascade.stages) };
    },
    stop() {
      isStopping = true;
    },
    async classify(messages, stats, signal) {
      const { cascade, many } = open();
      const stages = messages.length > TEXTS_A_TURN ? many : cascade.stages;
      const texts = messages.map(textOf);
      for await (const { verdicts } of runPipeline(once({ firstRow: 1, raws: [], texts }), stages, { signal, stats })) {
        return verdicts;
      }
      signal.throwIfAborted();
      return [];
    },
    label: (batches, stats, signal) =>
      runPipeline(inStep(batches), open().uploads, { window: UPLOAD_WINDOW, signal, stats }),
  };
}

/** The stages as each kind of work is taken to them. A message by itself goes straight to those of the cascade. */
interface Lanes {
  readonly cascade: Cascade;
  /** For requests of many messages, which need not wait for uploads. */
  readonly many: readonly Stage[];
  readonly uploads: readonly Stage[];
}

/** Rules take no time worth a turn, and calls of the LLM have their own queue. */
function inLane(stages: readonly Stage[]): readonly Stage[] {
  return stages.map((stage) => (stage.name === 'model' ? inTurns(stage) : stage));
}

async function* once(batch: RecordBatch): AsyncGenerator<RecordBatch> {
  yield batch;
}

/** The template that a message is decided by. */
export function templateOf(message: string): string {
  return toTemplate(textOf(message));
}

function textOf(message: string): string {
  return stripEscapes(stripPrefix(message));
}
