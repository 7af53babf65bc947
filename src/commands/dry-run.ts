import type { Cascade } from '../cascade.ts';
import { answerFilePath, openAnswerFile } from '../llm/answer-file.ts';
import { dryRun } from '../llm/dry-run.ts';
import { createProvider } from '../llm/open-llm.ts';
import { renderDryRun } from '../report/dry-run.ts';
import type { Settings } from '../settings/registry.ts';
import type { Io } from '../types.ts';

/** Writes the requests that `templates` would come to on stdout, one JSON object a line, and what they mean on stderr. */
export async function tellDryRun(
  templates: readonly string[],
  { model }: Cascade,
  settings: Settings,
  io: Io,
): Promise<void> {
  const provider = createProvider(settings, io.env);
  const plan = dryRun(templates, {
    provider,
    labels: model.metadata.labels,
    redaction: settings.redact,
    cache: openAnswerFile({ path: answerFilePath(io.env), model: provider.model }),
  });
  for (const request of plan.requests) io.stdout.write(`${JSON.stringify(request)}\n`);
  if (!settings.quiet) io.stderr.write(renderDryRun(plan, provider.model));
}
