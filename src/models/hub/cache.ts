import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** `owner/name`, as the hub has it. */
export function isHubId(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/.test(text) && !text.includes('..');
}

/**
 * Where models of the hub are kept, shared with Python's huggingface_hub: `$HF_HUB_CACHE`, else `$HF_HOME/hub`, else
 * `huggingface/hub` under `$XDG_CACHE_HOME` or `~/.cache`.
 */
export function hubCache(env: Environment): string {
  if (env['HF_HUB_CACHE']) return env['HF_HUB_CACHE'];
  if (env['HF_HOME']) return join(env['HF_HOME'], 'hub');
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] ?? homedir(), '.cache');
  return join(cache, 'huggingface', 'hub');
}

/** Folder of one model: `models--owner--name`, with `refs/` and `snapshots/` in it. */
export function hubModelDir(id: string, env: Environment): string {
  return join(hubCache(env), `models--${id.replace('/', '--')}`);
}

/** Folder with the files of the pulled revision `main`; undefined when it was not pulled. */
export function pulledSnapshot(id: string, env: Environment): string | undefined {
  if (!isHubId(id)) return undefined;
  const dir = hubModelDir(id, env);
  const ref = join(dir, 'refs', 'main');
  if (!existsSync(ref)) return undefined;
  const snapshot = join(dir, 'snapshots', readFileSync(ref, 'utf8').trim());
  return existsSync(join(snapshot, 'config.json')) ? snapshot : undefined;
}
