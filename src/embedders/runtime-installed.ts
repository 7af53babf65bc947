import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { LoadedOrt } from './runtime-choice.ts';

/** Versions of onnxruntime-node that are used: 1.20 introduced what is called here, 1.29 reports usage to its makers. */
const FIRST_MINOR = 20;
const LAST_MINOR = 28;

/** The package onnxruntime-node, where it is installed beside logiq. */
export async function loadInstalled(): Promise<LoadedOrt> {
  const version = installedVersion();
  if (!isSupported(version)) {
    throw new Error(`onnxruntime-node ${version} is installed, but 1.${FIRST_MINOR} to 1.${LAST_MINOR} are supported`);
  }
  return { ort: await import('onnxruntime-node'), version, provider: 'cpu' };
}

/** Whether a version of onnxruntime-node is one that logiq uses. */
export function isSupported(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major === 1 && minor !== undefined && minor >= FIRST_MINOR && minor <= LAST_MINOR;
}

function installedVersion(): string {
  const { resolve } = createRequire(import.meta.url);
  let manifest: string;
  try {
    manifest = resolve('onnxruntime-node/package.json');
  } catch (cause) {
    throw new Error('onnxruntime-node is not installed beside logiq', { cause });
  }
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
