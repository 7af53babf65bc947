import type { Line } from './line.ts';
import { continuesTrace, isTraceback, type Belongs, type OpenEvent } from './traces.ts';

/**
 * Whether a line is of the event that is open: an indented line is, unless it begins as a log line of its own; so is
 * one that only ever stands inside a trace (`Caused by:`, `... 12 more`, a frame), and what the open trace expects next.
 */
export function belongsTo(line: Line, open: OpenEvent): Belongs {
  const { first } = line;
  if (first === SPACE || first === TAB || Number.isNaN(first)) {
    if (line.isBlank) return 'maybe';
    return line.matches(OWN_LINE) ? 'no' : 'yes';
  }
  const part = parts[first];
  if (part !== undefined && isPart(line, open, part)) return 'yes';
  if (open.trace !== undefined) return continuesTrace(line, open);
  return followsError(line, open) ? 'yes' : 'no';
}

const SPACE = 0x20;
const TAB = 0x09;

/** A line of its own behind blanks: it begins with a time, or with a level that is set flush right. */
const OWN_LINE = /\s+(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]|\[?\d\d:\d\d:\d\d\b)| (?:INFO|WARN) [ [(]?\S/y;

/** Lines at the margin that are never first, by their first character. */
const parts: Array<RegExp | undefined> = [];
for (const [characters, pattern] of [
  ['C', /Caused by: /y],
  ['S', /Suppressed: |Stack trace:/y],
  ['s', /stack backtrace:/y],
  [
    'a',
    /at (?:async )?[\w$.<>/[\]-]+[ (].*:\d+|at [\w$.<>/]+\((?:Native Method|Unknown Source|\w+\.(?:java|kt|scala|groovy))/y,
  ],
  ['.', /\.\.\. \d+ (?:more|common frames)/y],
  ['-', /--- End of /y],
  ['#', /#\d+ +(?:\S.*\(\d+\): |\{main\}|\[internal function\]|0x[\da-f]+ in |<signal handler|\S+ \()/y],
  ['f', /from \S+:\d+(?::in |$)|for call at\s*$/y],
  ['n', /note: run with /y],
  ['/', /\/\S+:\d+:in [`']/y],
  ['A', /At \S+:\d+ char:\d+/y],
  ['E', /E {3,}\S/y],
  ['>', /> {3,}\S/y],
  ['^', /[\^~]+\s*$/y],
] as const) {
  parts[characters.charCodeAt(0)] = pattern;
}
/** These continue what was indented, and close what it opened. */
const closing = /[}\])]+[;,]?\s*$/y;
const numbered = /\d+ +\|/y;
/** PowerShell shows the line below where it is. */
const shown = /\+ +\S/y;
parts['+'.charCodeAt(0)] = shown;
for (const character of '}])') parts[character.charCodeAt(0)] = closing;
for (const character of '123456789') parts[character.charCodeAt(0)] = numbered;

function isPart(line: Line, open: OpenEvent, part: RegExp): boolean {
  if ((part === closing || part === numbered) && open.rows < 2) return false;
  if (part === shown && !/^(?:At |\+ )/.test(open.last)) return false;
  return line.matches(part);
}

const EXCEPTION =
  /(?:[A-Za-z_][\w$]*\.)+[A-Z][\w$]*(?:: |\s*$)|[A-Z]\w*(?:Error|Exception)(?:: |\s*$)|goroutine \d+ \[/y;
const TELLS_OF_ERROR = /error|fail|fatal|crit|severe|exception|unhandled|uncaught|panic|warn|crash|abort/i;

/** What a logger writes below its line about an error: a bare exception or a traceback, nothing in front of it. */
function followsError(line: Line, open: OpenEvent): boolean {
  if (line.isKernel) return line.matches(DUMP);
  if (!line.matches(EXCEPTION) && !isTracebackAlone(line)) return false;
  if (open.last.trimEnd().endsWith('nested exception is:')) return true;
  return open.rows <= 2 && TELLS_OF_ERROR.test(open.head) && !STARTS_TRACE.test(open.head);
}

/** The kernel shows its stack below the line that says why. */
const DUMP = /CPU: \d+ (?:UID: \d+ )?PID: \d+ |Call [Tt]race:/y;

/** The head is an exception of its own. */
const STARTS_TRACE = /^(?:[A-Za-z_][\w$]*\.)+[A-Z][\w$]*(?:: |\s*$)/;

function isTracebackAlone(line: Line): boolean {
  return isTraceback(line) && line.startsWith('Traceback');
}
