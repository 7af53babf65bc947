import { readFileSync } from 'node:fs';

/** Fields of `/proc/PID/stat` behind the name, which may hold spaces and parentheses. */
const STATE = 0;
const START_TIME = 19;

/**
 * What tells a running process from all others of this machine, also from a later one with the same number.
 *
 * @returns Null where there is none, and where the system does not tell, which is everywhere but on Linux.
 */
export function processIdentity(pid: number | 'self'): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE] === 'Z') return null; // dead; nobody has asked how it ended
    return `${Number.parseInt(text, 10)}@${fields[START_TIME]}`;
  } catch {
    return null;
  }
}

/** Whether the process of that identity runs, and is not this one. */
export function isRunningElsewhere(identity: string): boolean {
  return identity !== processIdentity('self') && identity === processIdentity(Number.parseInt(identity, 10));
}
