import { loadModel } from '../models/load.ts';
import { listModels } from '../models/locate.ts';
import { resolveSettings } from '../settings/resolve.ts';
import { settings, type Settings } from '../settings/registry.ts';
import type { Io } from '../types.ts';
import { examineCache } from './cache.ts';
import { check, type Check } from './check.ts';
import { examineLlm } from './llm.ts';
import { examineMachine, examineVersions } from './machine.ts';
import { examineModel } from './model.ts';
import { examineRuntime } from './runtime.ts';
import { examineSettings } from './settings.ts';

/** Everything doctor looks at, in the order in which it is told. Nothing is written and no network is used. */
export async function examine(io: Pick<Io, 'env' | 'cwd'>): Promise<readonly Check[]> {
  const chosen = await chosenSettings(io);
  const models = await modelsToVerify(chosen?.model);
  const embedderDir = await embedderOf(chosen?.model ?? settings.model.fallback, io.cwd);
  const checks = [
    check('versions', examineVersions),
    check('machine', examineMachine),
    check('runtime', () => examineRuntime(embedderDir)),
    ...models.map((model) => check('model', () => examineModel(model, io.cwd))),
    check('settings', () => examineSettings(io)),
    check('cache', () => examineCache(io.env)),
    ...(chosen === undefined ? [] : [check('LLM', () => examineLlm(chosen, io.env))]),
  ];
  return Promise.all(checks);
}

/** Absent when they are not well; `examineSettings` tells why. */
function chosenSettings(io: Pick<Io, 'env' | 'cwd'>): Promise<Settings | undefined> {
  return resolveSettings({}, io).then(
    (resolved) => resolved.settings,
    () => undefined,
  );
}

/** The bundled models, and the chosen one where it is another. */
async function modelsToVerify(chosen: string | undefined): Promise<readonly string[]> {
  const bundled = await listModels();
  return chosen === undefined || bundled.includes(chosen) ? bundled : [...bundled, chosen];
}

/** Absent when the model is not well; `examineModel` tells why. */
async function embedderOf(model: string, cwd: string): Promise<string | undefined> {
  try {
    return (await loadModel(model, cwd)).embedderDir;
  } catch {
    return undefined;
  }
}
