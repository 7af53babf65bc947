import { Command } from 'commander';
import { examine } from '../doctor/examine.ts';
import { renderChecks } from '../doctor/render.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { createPaint } from '../report/paint.ts';
import type { Io } from '../types.ts';

/** Width of what is written where no terminal tells its own. */
const COLUMNS = 80;

export function doctorCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  return new Command('doctor')
    .description('Tell versions, the runtime in use and why, whether models are whole, and what to mend.')
    .option('--json', 'the same for programs')
    .action(async ({ json }: { json?: boolean }) => setExitCode(await doctor(json === true, io)));
}

async function doctor(asJson: boolean, io: Io): Promise<ExitCode> {
  const checks = await examine(io);
  const ok = checks.every(({ status }) => status !== 'problem');
  const paint = createPaint({ env: io.env, stderr: io.stdout }); // the answer goes to stdout
  io.stdout.write(
    asJson ? `${JSON.stringify({ ok, checks }, null, 2)}\n` : renderChecks(checks, paint, io.stderr.columns ?? COLUMNS),
  );
  return ok ? EXIT.ok : EXIT.software;
}
