#!/usr/bin/env node
import { main } from '../dist/cli.js';

const stop = new AbortController();
let stoppedBy;
for (const name of ['SIGINT', 'SIGTERM']) {
  // A second signal meets no handler and ends the process at once.
  process.once(name, () => {
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

// Drained: end as the signal would have, so that shells and supervisors see it.
if (stoppedBy) process.kill(process.pid, stoppedBy);
