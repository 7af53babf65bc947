#!/usr/bin/env node
import { main } from '../dist/cli.js';

const stop = new AbortController();
let stoppedBy;
for (const name of ['SIGINT', 'SIGTERM']) {
  // Not `once`: packages with handlers of their own end the process when they see no other.
  process.on(name, () => {
    if (stoppedBy) return endBy(name); // a second signal: at once
    stoppedBy = name;
    stop.abort();
  });
}
// Nobody reads what is said to a closed terminal.
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
});

if (stoppedBy) endBy(stoppedBy); // drained

/** Ends as the signal would have, so that shells and supervisors see it. */
function endBy(name) {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
