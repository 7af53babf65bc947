// What the measurements of the server share: the server, started as users start it, and messages for it.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));

/** Starts a server, waits until it is ready and prints what machine this is. */
export async function startServer() {
  const child = spawn(process.execPath, [logiq, 'serve', '--port', '0', '--rate-limit', '0'], {
    stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'],
  });
  const { length, 0: cpu } = cpus();
  console.log(`${length} × ${cpu.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`);
  return { url: await listening(child), pid: child.pid, stop: () => child.kill() };
}

async function listening(child) {
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /listening on (\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    for (;;) {
      const { status } = await fetch(`${address}/readyz`);
      if (status === 200) return address;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('The server did not start.');
}

const words = 'disk queue lease shard token quota probe relay vault index batch frame route cache agent'.split(' ');

/** A message whose template nobody has seen: no two have the same words, numbers would be placeholders. */
export function unseen() {
  const random = () =>
    Math.random()
      .toString(36)
      .replace(/[0-9.]/g, '')
      .slice(0, 6);
  const word = () => words[Math.floor(Math.random() * words.length)];
  return `${word()} ${random()} of ${word()} ${random()} could not ${word()} the ${random()} in time`;
}
