import type { ByteString } from '../types.ts';

const SPACE = 0x20;
const TAB = 0x09;
const OPEN_BRACKET = 0x5b;

/** Seconds since boot as the kernel writes them, and the task or CPU after them: `[   12.345678][ T1234] `. */
const UPTIME = /\[ *\d+\.\d{3,9}\](?:\[ *[TC]\d+\])? ?/y;

/** What build tools put before every line of a message. */
const LEVEL = /\[(?:error|warn|warning|info|debug|trace)\] (?=[ \t])/iy;

/** The program that `stripPrefix` leaves in front of a message of syslog. */
const MAX_PROGRAM = 64;

/**
 * A line as the grouping looks at it: past the name of its program and past the kernel's clock. One object looks at line
 * after line, because every line of an input passes here.
 */
export class Line {
  text = '';
  /** Where the message proper begins; blanks in front of it are part of it. */
  from = 0;
  /** Code of the character there; NaN where there is none. */
  first = Number.NaN;
  /** Name of the program with its colon, or the level of a build tool before an indented message; '' when the line has none. */
  program = '';
  isKernel = false;

  /** @param raw The row that the text is the message of: where they differ, a prefix was taken off. */
  read(text: string, raw: ByteString): void {
    this.text = text;
    this.from = 0;
    this.program = '';
    this.isKernel = false;
    if (text.length !== raw.length && !isBareMessage(text, raw)) this.#passProgram();
    if (text.charCodeAt(this.from) === OPEN_BRACKET && !this.#passLevel()) this.#passUptime();
    this.first = text.charCodeAt(this.from);
  }

  /** Begins with blanks, and something follows them. */
  get isIndented(): boolean {
    return (this.first === SPACE || this.first === TAB) && !this.isBlank;
  }

  get isBlank(): boolean {
    for (let at = this.from; at < this.text.length; at++) if (!isSpace(this.text.charCodeAt(at))) return false;
    return true;
  }

  startsWith(part: string): boolean {
    return this.text.startsWith(part, this.from);
  }

  /** @param pattern Sticky: it matches where the message begins. */
  matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.from;
    return pattern.test(this.text);
  }

  #passProgram(): void {
    const end = this.text.indexOf(': ');
    if (end <= 0 || end > MAX_PROGRAM || this.text.lastIndexOf(' ', end) !== -1) return;
    this.from = end + 2;
    this.program = this.text.slice(0, this.from);
    this.isKernel = this.program === 'kernel: ';
  }

  #passLevel(): boolean {
    LEVEL.lastIndex = this.from;
    if (!LEVEL.test(this.text)) return false;
    this.program = this.text.slice(0, LEVEL.lastIndex);
    this.from = LEVEL.lastIndex;
    return true;
  }

  #passUptime(): void {
    UPTIME.lastIndex = this.from;
    if (!UPTIME.test(this.text)) return;
    this.from = UPTIME.lastIndex;
    this.isKernel = true;
  }
}

/** Whether the prefix that was taken off is that of a container's or a job's log: they name no program. */
function isBareMessage(text: string, raw: ByteString): boolean {
  const from = raw.length - text.length;
  return from > 3 && BARE_PREFIX.test(raw.slice(from - 3, from)) && raw.startsWith(text, from);
}

/** The end of `... stderr F ` and of `2026-01-05T10:00:01.0000000Z `. */
const BARE_PREFIX = / [FP] $|\dZ $/;

function isSpace(code: number): boolean {
  return code === SPACE || (code >= TAB && code <= 0x0d) || code === 0xa0;
}
