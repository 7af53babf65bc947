import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { writeWhole } from '../output/handle-sink.ts';

/** Bytes held in memory for a reader that is not ready for them. */
const MEMORY_BYTES = 256 * 1024;

/** Bytes read from the file at a time. */
const READ_BYTES = 64 * 1024;

export interface SpoolOptions {
  /** Whether the client still sends. As long as it does, it may not be reading. */
  readonly isSending: () => boolean;
  /** A reader that takes nothing for this long while it sends gets its rows from a file. */
  readonly stallMs: number;
}

/**
 * Passes chunks on. A reader that is slow slows the source down, but one that reads nothing before it has sent everything,
 * as many HTTP clients do, would wait for us as we wait for it: then the rows go to a temporary file meanwhile. The file has
 * no name and is gone with the process.
 */
export async function* spooled(
  source: AsyncIterable<Uint8Array>,
  { isSending, stallMs }: SpoolOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const memory: Uint8Array[] = [];
  const consumer = createBell();
  const room = createBell();
  let file: SpoolFile | undefined;
  let held = 0;
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;

  const hasRoom = async (): Promise<boolean> => {
    if (held < MEMORY_BYTES || isOver) return true;
    const rang = await room.next(isSending() ? stallMs : undefined);
    return rang || !isSending() ? hasRoom() : false;
  };
  const pump = async (): Promise<void> => {
    for await (const chunk of source) {
      if (isOver) return;
      if (file?.holdsBytes !== true && (await hasRoom())) {
        memory.push(chunk);
        held += chunk.length;
      } else {
        file ??= await openSpoolFile();
        await file.append(chunk);
      }
      consumer.ring();
    }
  };

  const pumping = pump()
    .catch((error: unknown) => (failure = { error }))
    .finally(() => {
      isOver = true;
      consumer.ring();
    });
  try {
    for (;;) {
      const chunk = memory.shift();
      if (chunk) {
        held -= chunk.length;
        room.ring();
        yield chunk;
      } else if (file?.holdsBytes === true) yield await file.read();
      else if (failure) throw failure.error;
      else if (isOver) return;
      else await consumer.next();
    }
  } finally {
    isOver = true;
    room.ring();
    // Not awaited: the source may wait for a client that is gone; it ends by its signal.
    void pumping.then(() => file?.close()).catch(() => {});
  }
}

interface SpoolFile {
  readonly holdsBytes: boolean;
  append(chunk: Uint8Array): Promise<void>;
  read(): Promise<Uint8Array>;
  close(): Promise<void>;
}

async function openSpoolFile(): Promise<SpoolFile> {
  const path = join(tmpdir(), `logiq-spool-${randomUUID()}`);
  const handle: FileHandle = await open(path, 'wx+', 0o600);
  await unlink(path);
  let written = 0;
  let taken = 0;
  return {
    get holdsBytes() {
      return taken < written;
    },
    async append(chunk) {
      await writeWhole(handle, chunk);
      written += chunk.length;
    },
    async read() {
      const bytes = Buffer.allocUnsafe(Math.min(READ_BYTES, written - taken));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, taken);
      taken += bytesRead;
      return bytes.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

/** Wakes the one that waits; a ring that nobody waits for is kept for the next. */
function createBell(): { ring(): void; next(timeoutMs?: number): Promise<boolean> } {
  let hasRung = false;
  let wake: (rang: boolean) => void = () => {};
  return {
    ring() {
      hasRung = true;
      wake(true);
    },
    async next(timeoutMs) {
      if (!hasRung) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<boolean>((resolve) => {
          wake = resolve;
          if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs, false);
        });
        clearTimeout(timer);
      }
      const rang = hasRung;
      hasRung = false;
      return rang;
    },
  };
}
