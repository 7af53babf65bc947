import { execFileSync } from 'node:child_process';
import { constants, type PathLike } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { LogiqError } from '../../src/errors.ts';
import { nodeFiles, type Files } from '../../src/output/files.ts';
import { writeAll } from '../../src/output/sink.ts';
import { each } from './labelled.ts';

const never = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'logiq-sink-'));
  return () => fs.rm(folder, { recursive: true });
});

function chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  return each(texts.map((text) => Buffer.from(text)));
}

function file(name: string): { kind: 'file'; path: string } {
  return { kind: 'file', path: join(folder, name) };
}

async function contents(): Promise<Record<string, string>> {
  const names = await fs.readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await fs.readFile(join(folder, name), 'utf8')] as const)),
  );
}

async function failure(writing: Promise<unknown>): Promise<LogiqError> {
  const error: unknown = await writing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LogiqError)) throw new Error(`expected a LogiqError, not ${String(error)}`);
  return error;
}

function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}

test('a new file holds every chunk and has the mode of a new file', async () => {
  const mask = process.umask();
  expect(await writeAll(chunks('a\n', '', 'b\n'), file('out.csv'), never)).toEqual({ closed: false });
  expect(await contents()).toEqual({ 'out.csv': 'a\nb\n' });
  expect((await fs.stat(join(folder, 'out.csv'))).mode & 0o777).toBe(0o666 & ~mask);
});

test('nothing to write gives an empty file', async () => {
  await writeAll(chunks(), file('out.csv'), never);
  expect(await contents()).toEqual({ 'out.csv': '' });
});

test('an old file keeps its mode and stays as it was until the end', async () => {
  await fs.writeFile(join(folder, 'out.csv'), 'old');
  await fs.chmod(join(folder, 'out.csv'), 0o604);
  const seen: string[] = [];
  async function* watched(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('ne');
    seen.push(await fs.readFile(join(folder, 'out.csv'), 'utf8'));
    yield Buffer.from('w');
  }
  await writeAll(watched(), file('out.csv'), never);
  expect(seen).toEqual(['old']);
  expect(await contents()).toEqual({ 'out.csv': 'new' });
  expect((await fs.stat(join(folder, 'out.csv'))).mode & 0o777).toBe(0o604);
});

test('links are followed, also to a file that is not there yet', async () => {
  await fs.mkdir(join(folder, 'far'));
  await fs.writeFile(join(folder, 'far', 'old.csv'), 'old');
  await fs.symlink('far/old.csv', join(folder, 'a'));
  await fs.symlink('b2', join(folder, 'b'));
  await fs.symlink('far/new.csv', join(folder, 'b2'));
  await writeAll(chunks('1'), file('a'), never);
  await writeAll(chunks('2'), file('b'), never);
  expect(await fs.readFile(join(folder, 'far', 'old.csv'), 'utf8')).toBe('1');
  expect(await fs.readFile(join(folder, 'far', 'new.csv'), 'utf8')).toBe('2');
  expect(await fs.readlink(join(folder, 'a'))).toBe('far/old.csv');
  expect((await fs.readdir(join(folder, 'far'))).toSorted()).toEqual(['new.csv', 'old.csv']);
});

/** Files that fail at one call: of `open`, `write`, `sync` or `close` of a handle, or `rename`. */
function failing(operation: 'write' | 'sync' | 'chmod' | 'rename' | 'open', at: number, code: string): Files {
  let calls = 0;
  const strike = (name: string | symbol): void => {
    if (name === operation && ++calls === at) throw systemError(code);
  };
  return {
    ...nodeFiles,
    rename: async (from: PathLike, to: PathLike) => {
      strike('rename');
      await fs.rename(from, to);
    },
    open: async (...args: Parameters<typeof fs.open>) => {
      strike('open');
      const handle = await fs.open(...args);
      return new Proxy(handle, {
        get(target, name: keyof fs.FileHandle) {
          const member = target[name];
          if (typeof member !== 'function') return member;
          return async (...rest: never[]) => {
            strike(name);
            return Reflect.apply(member, target, rest) as unknown;
          };
        },
      });
    },
  };
}

describe.each([
  ['write', 1, 'ENOSPC', 'the disk is full'],
  ['write', 2, 'EDQUOT', 'your disk quota is used up'],
  ['write', 3, 'EIO', 'EIO: injected'],
  ['sync', 1, 'ENOSPC', 'the disk is full'],
  ['rename', 1, 'EACCES', 'permission denied'],
  ['open', 1, 'EROFS', 'the file system is read-only'],
  ['chmod', 1, 'EPERM', 'the operation is not permitted'],
] as const)('%s number %i fails with %s', (operation, at, code, reason) => {
  test('the error says why, the old file is whole, no other is left, and the source has ended', async () => {
    await fs.writeFile(join(folder, 'out.csv'), 'old');
    let isEnded = operation === 'open' || operation === 'chmod'; // the source has not begun
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* chunks('1', '2', '3');
      } finally {
        isEnded = true;
      }
    }
    const error = await failure(writeAll(source(), file('out.csv'), never, failing(operation, at, code)));
    expect([error.code, error.exitCode]).toEqual(['E_OUTPUT_WRITE', 74]);
    expect(error.message).toBe(`Cannot write to ${join(folder, 'out.csv')}: ${reason}.`);
    expect(error.hint).toMatch(/\.$/);
    expect(await contents()).toEqual({ 'out.csv': 'old' });
    expect(isEnded).toBe(true);
  });

  test('where there was no file there is none', async () => {
    if (operation === 'chmod') return; // of old files only
    await failure(writeAll(chunks('1', '2', '3'), file('out.csv'), never, failing(operation, at, code)));
    expect(await contents()).toEqual({});
  });
});

test('a write that takes a part only is gone on with', async () => {
  const short: Files = {
    ...nodeFiles,
    open: async (...args: Parameters<typeof fs.open>) => {
      const handle = await fs.open(...args);
      const write = handle.write.bind(handle) as (
        buffer: Uint8Array,
        offset: number,
        length: number,
      ) => Promise<unknown>;
      return Object.assign(handle, { write: (buffer: Uint8Array, offset: number) => write(buffer, offset, 1) });
    },
  };
  await writeAll(chunks('abc', 'def'), file('out.csv'), never, short);
  expect(await contents()).toEqual({ 'out.csv': 'abcdef' });
});

test('an error of the source comes through as it is and leaves the old file', async () => {
  await fs.writeFile(join(folder, 'out.csv'), 'old');
  const bug = new Error('bug');
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('1');
    throw bug;
  }
  await expect(writeAll(source(), file('out.csv'), never)).rejects.toBe(bug);
  expect(await contents()).toEqual({ 'out.csv': 'old' });
});

test('an abort leaves the old file and nothing else', async () => {
  await fs.writeFile(join(folder, 'out.csv'), 'old');
  const stop = new AbortController();
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('1');
    stop.abort();
  }
  expect(await writeAll(source(), file('out.csv'), stop.signal)).toEqual({ closed: false });
  expect(await contents()).toEqual({ 'out.csv': 'old' });
});

test.each([
  ['missing/out.csv', 'its folder does not exist'],
  ['.', 'it is a folder'],
  ['a-file/out.csv', 'a part of its path is no folder'],
  ['x'.repeat(300), 'its name is too long'],
  ['circle', 'its symbolic links go round in circles'],
])('%s is refused: %s', async (name, reason) => {
  await fs.writeFile(join(folder, 'a-file'), '');
  await fs.symlink('circle', join(folder, 'circle'));
  const error = await failure(writeAll(chunks('1'), file(name), never));
  expect(error.message).toContain(`: ${reason}.`);
});

test('a read-only file is not replaced', async () => {
  await fs.writeFile(join(folder, 'out.csv'), 'old');
  const readOnly: Files = {
    ...nodeFiles,
    access: async (_path, mode) => {
      if (mode === constants.W_OK) throw systemError('EACCES');
    },
  };
  const error = await failure(writeAll(chunks('1'), file('out.csv'), never, readOnly));
  expect(error.message).toContain('permission denied');
  expect(await contents()).toEqual({ 'out.csv': 'old' });
});

test('a device is written as it stands', async () => {
  expect(await writeAll(chunks('1'), { kind: 'file', path: '/dev/null' }, never)).toEqual({ closed: false });
  expect((await fs.stat('/dev/null')).isCharacterDevice()).toBe(true);
});

test.runIf(process.platform === 'linux')('a full disk is said to be full', async () => {
  const error = await failure(writeAll(chunks('1'), { kind: 'file', path: '/dev/full' }, never));
  expect([error.message, error.exitCode]).toEqual(['Cannot write to /dev/full: the disk is full.', 74]);
  expect((await fs.stat('/dev/full')).isCharacterDevice()).toBe(true);
});

describe.skipIf(process.platform === 'win32')('a named pipe', () => {
  beforeEach(() => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
  });

  test('gets every chunk, in order', async () => {
    const text = 'x'.repeat(300_000);
    const reading = fs.readFile(join(folder, 'pipe'), 'utf8');
    expect(await writeAll(chunks('a', text, 'b'), file('pipe'), never)).toEqual({ closed: false });
    expect(await reading).toBe(`a${text}b`);
  });

  test('that nobody reads can be given up', async () => {
    const stop = new AbortController();
    const writing = writeAll(chunks('a'), file('pipe'), stop.signal);
    setTimeout(() => stop.abort(), 20);
    expect(await writing).toEqual({ closed: false });
  });

  test('whose reader goes away ends the source', async () => {
    let isEnded = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(100_000, 'x');
      } finally {
        isEnded = true;
      }
    }
    const writing = writeAll(endless(), file('pipe'), never);
    const reader = await fs.open(join(folder, 'pipe'), 'r');
    await reader.read(Buffer.alloc(10));
    await reader.close();
    expect(await writing).toEqual({ closed: true });
    expect(isEnded).toBe(true);
  });
});
