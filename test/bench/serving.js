// What the measurements of the server share: the server, started as users start it, and messages for it.
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
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

const training = readFileSync(new URL('../../models/logiq-base/training.csv', import.meta.url), 'utf8');
const words = [...new Set(training.match(/\b[a-z]{3,12}\b/g))];
const WORDS_A_MESSAGE = 12;

/** A message whose template nobody has seen, of words that logs are made of: others would be foreign text and cost nothing. */
export function unseen() {
  const word = () => words[Math.floor(Math.random() * words.length)];
  return Array.from({ length: WORDS_A_MESSAGE }, word).join(' ');
}
