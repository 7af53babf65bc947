import { join, resolve } from 'node:path';
import type { Cascade } from '../cascade.ts';
import type { SettingName, Settings } from '../settings/registry.ts';
import { readVersion } from '../version.ts';
import { sha256, type Facts } from './facts.ts';

/** Settings that rows do not depend on. */
const WITHOUT_EFFECT: readonly string[] = [
  'quiet',
  'progress',
  'threads',
  'llmConcurrency',
  'maxCost',
  'maxLlmCalls',
  'deadline',
] satisfies SettingName[];

/** Everything that decides what a row's label is and how it is written. */
export async function configurationFacts(
  settings: Settings,
  cascade: Cascade,
  csvSafe: boolean,
  cwd: string,
): Promise<Facts> {
  const set = Object.entries(settings).filter(([name]) => !WITHOUT_EFFECT.includes(name));
  return {
    ...Object.fromEntries(set.map(([name, value]) => [name, value ?? null])),
    logiq: readVersion(),
    csvSafe,
    threshold: cascade.threshold,
    embedder: cascade.embedder,
    llm: cascade.llmOff ?? cascade.llmModel,
    'sha256 of the model': await sha256(join(cascade.model.dir, 'metadata.json')),
    "sha256 of the model's rules": await sha256(join(cascade.model.dir, 'rules.yaml')),
    'sha256 of the rules': settings.rules === undefined ? null : await sha256(resolve(cwd, settings.rules)),
  };
}
