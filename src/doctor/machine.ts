import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { readVersion } from '../version.ts';
import type { Check } from './check.ts';

type Facts = Omit<Check, 'name'>;

export async function examineVersions(): Promise<Facts> {
  const version = readVersion();
  const facts = { logiq: version, node: process.versions.node };
  const demanded = await demandedNode();
  const found = `logiq ${version}, Node ${process.versions.node}`;
  if (isAtLeast(process.versions.node, demanded)) return { status: 'ok', found, facts };
  return { status: 'problem', found, hint: `Use Node ${demanded} or newer.`, facts };
}

export async function examineMachine(): Promise<Facts> {
  const facts = {
    platform: process.platform,
    arch: process.arch,
    release: release(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
  };
  const { platform, arch, cpu, cores, memoryMb } = facts;
  return { status: 'ok', found: `${platform}-${arch}, ${cores} cores (${cpu}), ${memoryMb} MB of memory`, facts };
}

async function demandedNode(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { engines: { node: string } }).engines.node.replace('>=', '');
}

/** Whether a version is not below another, number by number. */
export function isAtLeast(version: string, demanded: string): boolean {
  const parts = version.split('.').map(Number);
  const demandedParts = demanded.split('.').map(Number);
  const [own, least] = parts.map((part, at) => [part, demandedParts[at] ?? 0]).find(([a, b]) => a !== b) ?? [0, 0];
  return own! >= least!;
}
