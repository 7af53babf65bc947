// What the measurements of the server share: the server, started as users start it, and messages for it.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readOwnText } from '../../models/logiq-base/training-rows.js';

const logiq = fileURLToPath(new URL('../../bin/logiq.js', import.meta.url));

/** Starts a server, waits until it is ready and prints what machine this is. */
export async function startServer() {
  const args = ['serve', '--port', '0', '--health-port', '0', '--rate-limit', '0'];
  const child = spawn(process.execPath, [logiq, ...args], { stdio: ['ignore', openSync('/dev/null', 'w'), 'pipe'] });
  const { length, 0: cpu } = cpus();
  console.log(`${length} × ${cpu.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`);
  return { ...(await listening(child)), pid: child.pid, stop: () => child.kill() };
}

/** @returns The address of the API, and that of health alone. */
async function listening(child) {
  let url;
  for await (const line of createInterface({ input: child.stderr })) {
    url ??= /listening on (\S+)/.exec(line)?.[1];
    const healthUrl = /health on (\S+)/.exec(line)?.[1];
    if (healthUrl === undefined) continue;
    while ((await fetch(`${healthUrl}/readyz`)).status !== 200)
      await new Promise((resolve) => setTimeout(resolve, 100));
    return { url, healthUrl };
  }
  throw new Error('The server did not start.');
}

const training = await readOwnText();
const words = [...new Set(training.toString().match(/\b[a-z]{3,12}\b/g))];
const WORDS_A_MESSAGE = 12;

/** A message whose template nobody has seen, of words that logs are made of: others would be foreign text and cost nothing. */
export function unseen() {
  const word = () => words[Math.floor(Math.random() * words.length)];
  return Array.from({ length: WORDS_A_MESSAGE }, word).join(' ');
}
