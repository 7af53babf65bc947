import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { EXIT, LogiqError, type ExitCode } from '../errors.ts';
import { hubCache, hubModelDir, pulledSnapshot } from '../models/hub/cache.ts';
import { damagedFiles, pullModel } from '../models/hub/pull.ts';
import { verifyModel } from '../models/load.ts';
import { BUNDLED, listEmbedders, listModels, locateEmbedder, locateModel } from '../models/locate.ts';
import { visible } from '../output/terminal.ts';
import { byteSize } from '../report/numbers.ts';
import { startTrainingProgress } from '../training/progress.ts';
import type { Io } from '../types.ts';

export function modelsCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  const command = new Command('models').description('Classifiers and sentence encoders: what is here, fetch, check.');
  const add = (name: string, describe: string): Command =>
    command.command(name).description(describe).copyInheritedSettings(command);
  const done = (): void => setExitCode(EXIT.ok);

  add('list', 'classifiers that are bundled; encoders that are bundled or were pulled')
    .option('--json', 'the same for programs')
    .action(async ({ json }: { json?: boolean }) => {
      await list(json === true, io);
      done();
    });
  add('pull', 'fetch a sentence encoder from the Hugging Face hub (HF_ENDPOINT, HF_TOKEN, HF_HOME)')
    .argument('<id>', 'owner/name of a BERT-family model with an ONNX export')
    .option('-q, --quiet', 'no progress')
    .action(async (id: string, { quiet }: { quiet?: boolean }) => {
      await pull(id, quiet === true, io);
      done();
    });
  add('verify', 'compare the sha256 of every file of a classifier or encoder')
    .argument('[name]', 'a name, a folder or a pulled id', 'logiq-base')
    .action(async (name: string) => {
      await verify(name, io);
      done();
    });
  add('path', 'where a classifier or encoder is')
    .argument('<name>', 'a name, a folder or a pulled id')
    .action(async (name: string) => {
      io.stdout.write(`${await locate(name, io)}\n`);
      done();
    });
  return command;
}

async function list(asJson: boolean, io: Io): Promise<void> {
  const pulled = await listPulled(io);
  const entries = [
    ...(await listModels()).map((name) => ({ kind: 'classifier', name, dir: join(BUNDLED, name) })),
    ...(await listEmbedders()).map((name) => ({ kind: 'encoder', name, dir: join(BUNDLED, name) })),
    ...pulled.map(({ id, dir }) => ({ kind: 'encoder', name: id, dir })),
  ];
  if (asJson) {
    io.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
    return;
  }
  for (const { kind, name, dir } of entries) io.stdout.write(`${kind.padEnd(11)} ${name}  ${visible(dir)}\n`);
}

async function listPulled({ env }: Io): Promise<Array<{ id: string; dir: string }>> {
  const folders = await readdir(hubCache(env)).catch(() => []);
  return folders.flatMap((folder) => {
    const [kind, owner, ...name] = folder.split('--');
    if (kind !== 'models' || owner === undefined || name.length === 0) return [];
    const id = `${owner}/${name.join('--')}`;
    const dir = pulledSnapshot(id, env);
    return dir === undefined ? [] : [{ id, dir }];
  });
}

async function pull(id: string, quiet: boolean, io: Io): Promise<void> {
  const progress = await startTrainingProgress(io, quiet);
  try {
    const { dir, commit, bytes, sha256 } = await pullModel(
      id,
      { env: io.env, signal: io.signal },
      (file, done, total) =>
        progress.tell(`${visible(file)}: ${byteSize(done)}${total === undefined ? '' : ` of ${byteSize(total)}`}`),
    );
    progress.stop();
    const count = Object.keys(sha256).length;
    io.stderr.write(`${id} at ${commit.slice(0, 12)}: ${count} files, ${byteSize(bytes)}, verified\n`);
    io.stdout.write(`${dir}\n`);
  } finally {
    progress.stop();
  }
}

async function verify(name: string, io: Io): Promise<void> {
  const snapshot = pulledSnapshot(name, io.env);
  if (snapshot === undefined) {
    const { dir, metadata } = await verifyModel(name, io.cwd, io.env);
    const files = Object.keys(metadata.files).length + Object.keys(metadata.embedder?.sha256 ?? {}).length;
    io.stdout.write(`${visible(dir)}: ${files} files are as they were written\n`);
    return;
  }
  const damaged = await damagedFiles(hubModelDir(name, io.env), snapshot, basename(snapshot));
  if (damaged === undefined) {
    throw new LogiqError(
      'E_MODEL_MISSING',
      `${name} was not pulled by logiq.`,
      `Fetch it with: logiq models pull ${name}`,
    );
  }
  if (damaged.length > 0) {
    throw new LogiqError(
      'E_MODEL_DAMAGED',
      `${damaged.join(', ')} in ${snapshot} is not what was pulled.`,
      `Fetch it again with: logiq models pull ${name}`,
    );
  }
  io.stdout.write(`${visible(dirname(dirname(snapshot)))}: the files are as they were pulled\n`);
}

async function locate(name: string, io: Io): Promise<string> {
  try {
    return await locateModel(name, io.cwd);
  } catch (error) {
    if (!(error instanceof LogiqError)) throw error;
    return locateEmbedder(name, io.cwd, io.env);
  }
}
