import { PassThrough, Readable, Writable } from 'node:stream';
import { main } from '../../src/cli.ts';
import type { Io } from '../../src/types.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, with nothing of the real environment. */
export async function runCli(
  argv: readonly string[],
  options: { stdin?: string | Buffer; env?: Record<string, string>; cwd?: string; tty?: boolean } = {},
): Promise<CliResult> {
  const stdout = collect();
  const stderr = collect();
  const stdin = Object.assign(
    options.stdin === undefined ? new PassThrough() : Readable.from([Buffer.from(options.stdin)]),
    {
      isTTY: options.tty ?? false,
    },
  );
  const io: Io = {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { HOME: '/nonexistent', ...options.env },
    cwd: options.cwd ?? process.cwd(),
    signal: new AbortController().signal,
  };
  const code = await main(argv, io);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collect() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
