const MONTH = String.raw`(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)`;
const BSD_TIME = String.raw`${MONTH} [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?`;
const ISO_TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`;

/** Some loggers write `TIME LEVEL module: `, where syslog has `TIME HOST program: `. */
const LEVEL = String.raw`(?:trace|debug|info|notice|warn|warning|err|error|crit|critical|fatal|panic|alert|emerg)`;
const HOST = String.raw`(?!${LEVEL} )[\w.:%-]{1,255}`;

/** `program[pid]: ` or `program: `; a name with blanks in it only if the pid is there. */
const PROGRAM = String.raw`(?:([\w./@()+][\w./@()+ -]{0,63})\[\d+\]|([\w./@()+-]{1,64})): `;

/** Seconds since boot, as the kernel writes them. */
const UPTIME = String.raw`(?:\[ *\d+\.\d{6}\] )?`;

/** RFC 3164, and the same with the ISO 8601 time that rsyslog and `journalctl -o short-iso` write. */
const SYSLOG = new RegExp(`^(?:<\\d{1,3}>)?(?:${BSD_TIME}|${ISO_TIME}) ${HOST} ${PROGRAM}${UPTIME}`, 'i');

/** RFC 5424: priority, version, time, host, program, process, message id, structured data. */
const SYSLOG_5424 = new RegExp(
  String.raw`^<\d{1,3}>1 (?:-|${ISO_TIME}) \S{1,255} (\S{1,48}) \S{1,128} \S{1,32} ` +
    String.raw`(?:-|(?:\[(?:[^\]"\\]|\\.|"(?:[^"\\]|\\.)*")*\])+)(?: (?:\ufeff|\u00ef\u00bb\u00bf)?|$)`,
);

/** The container runtime interface of Kubernetes: time, stream, whole (F) or partial (P) line. */
const CRI = new RegExp(`^${ISO_TIME} (?:stdout|stderr) [FP] `);

/** GitHub Actions: seven digits of a second. */
const GITHUB = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z(?: |$)/;
/** The same behind job and step, as `gh run view --log` writes it. */
const GITHUB_JOB = /^[^\t]{1,200}\t[^\t]{1,200}\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z(?: |$)/;

/**
 * A line without what its transport put before the message: time, host, level and process id. The program's name stays
 * (`sshd: Failed password`). A line whose prefix is not certain stays as it is.
 *
 * @param line Text or bytes of one line.
 */
export function stripPrefix(line: string): string {
  const first = line.charCodeAt(0);
  if (first === 0x3c) return stripProgram(line, SYSLOG_5424) ?? stripProgram(line, SYSLOG) ?? line;
  // T at 10 is where an ISO 8601 time has it, blanks at 3 and 6 where a BSD time has them.
  if (line.charCodeAt(10) === 0x54 && first >= 0x30 && first <= 0x39) {
    const found = GITHUB.exec(line) ?? CRI.exec(line);
    return found ? line.slice(found[0].length) : (stripProgram(line, SYSLOG) ?? line);
  }
  if (line.charCodeAt(3) === 0x20 && line.charCodeAt(6) === 0x20) return stripProgram(line, SYSLOG) ?? line;
  const found = line.includes('\t') ? GITHUB_JOB.exec(line) : null;
  return found ? line.slice(found[0].length) : line;
}

function stripProgram(line: string, prefix: RegExp): string | undefined {
  const found = prefix.exec(line);
  if (!found) return undefined;
  const program = found[1] ?? found[2] ?? '-';
  const message = line.slice(found[0].length);
  return program === '-' ? message : `${program}: ${message}`;
}
