import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { listModels, locateModel, METADATA_FILE } from '../../models/locate.ts';
import { openMetadata } from '../../models/metadata.ts';
import { createRunReport } from '../../report/create-run-report.ts';
import type { Cascade } from '../../cascade.ts';
import type { Context } from '../context.ts';
import type { Engine } from '../engine.ts';
import { labels } from '../schemas.ts';

/** `GET /labels`, `/models` and `/stats`: what is in use here and what it has done. */
export function addAboutRoutes(app: FastifyInstance, { engine, metrics, logs, uploads }: Context): void {
  app.get('/labels', { schema: { response: { 200: labels } } }, async () => ({
    labels: loaded(engine).model.metadata.labels,
  }));

  app.get('/models', async () => {
    const { model, embedder, threshold } = loaded(engine);
    return { in_use: { name: model.metadata.name, embedder, threshold }, installed: await describeModels() };
  });

  app.get('/stats', async () => {
    const { inputs: _none, ...report } = createRunReport([], loaded(engine), metrics.stats);
    return { ...report, uptimeSeconds: process.uptime(), queueDepth: logs.inside(), uploads: uploads.inside() };
  });
}

function loaded(engine: Engine): Cascade {
  engine.throwUnlessReady();
  // oxlint-disable-next-line typescript/no-non-null-assertion -- it is ready
  return engine.cascade()!;
}

/** Nothing of a path: where models lie is no business of a client. */
async function describeModels(): Promise<object[]> {
  const names = await listModels();
  return Promise.all(
    names.map(async (name) => {
      const path = join(await locateModel(name, '/'), METADATA_FILE);
      const {
        embedder,
        labels: meanings,
        threshold,
        training,
      } = await openMetadata(await readFile(path, 'utf8'), path);
      return {
        name,
        embedder: embedder?.name ?? null,
        labels: meanings.length,
        threshold,
        trained: { on: training.date, rows: training.rows, templates: training.templates },
        cross_validation: training.crossValidation,
      };
    }),
  );
}
