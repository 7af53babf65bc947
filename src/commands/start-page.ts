import type { Paint } from '../report/paint.ts';

/** What somebody sees who types `logiq` and nothing else: one page of 80 columns to start from. */
export function startPage(paint: Paint): string {
  const command = (text: string, what: string): string => `  ${paint.bold(text.padEnd(36))}${what}`;
  return `${[
    'logiq labels log files: what kind of event is each line, and how sure is that?',
    'It works offline; without a key nothing leaves this machine.',
    '',
    paint.dim('Label a file, a pipe, a folder'),
    command('logiq app.log', 'rows with label, confidence, method'),
    command('logiq events.csv -o labelled.csv', 'CSV in, CSV out, own columns kept'),
    command('tail -f app.log | logiq', 'as lines come'),
    command('logiq "logs/**/*.log" --out-dir out', 'many files, one output each'),
    '',
    paint.dim('Look closer'),
    command('logiq app.log --explain', 'which rule or template decided'),
    command('logiq app.log --fail-on crash', 'exit 1 when a crash is in it'),
    command('logiq app.log --dry-run', 'what an LLM would be sent, and its cost'),
    '',
    paint.dim('And then'),
    command('logiq --help', 'all commands'),
    command('logiq classify --help', 'all options of labelling'),
    command('logiq doctor', 'is everything in order here?'),
  ].join('\n')}\n`;
}
