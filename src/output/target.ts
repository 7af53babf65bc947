import { resolve } from 'node:path';
import type { Io } from '../types.ts';

/** Where rows go: a stream that is open already, or a file by its absolute path. */
export type Target = StreamTarget | FileTarget;

export interface StreamTarget {
  readonly kind: 'stream';
  /** For people: "standard output". */
  readonly name: string;
  readonly stream: OutputStream;
}

export interface FileTarget {
  readonly kind: 'file';
  readonly path: string;
}

export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly fd?: unknown };

const STDOUT = /^(?:-|\/dev\/stdout|\/dev\/fd\/1|\/proc\/self\/fd\/1)$/;
const STDERR = /^(?:\/dev\/stderr|\/dev\/fd\/2|\/proc\/self\/fd\/2)$/;

/**
 * What `-o` names; standard output when it is absent. The names that systems have for our own streams are these streams:
 * opened anew, a file behind one would be written from its beginning.
 */
export function toTarget(output: string | undefined, io: Pick<Io, 'stdout' | 'stderr' | 'cwd'>): Target {
  if (output === undefined || STDOUT.test(output)) {
    return { kind: 'stream', name: 'standard output', stream: io.stdout };
  }
  if (STDERR.test(output)) return { kind: 'stream', name: 'standard error', stream: io.stderr };
  return { kind: 'file', path: resolve(io.cwd, output) };
}
