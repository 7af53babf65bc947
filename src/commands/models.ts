import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { readVerified } from '../embedders/files.ts';
import { EXIT, LogiqError, type ExitCode } from '../errors.ts';
import { hubCache, hubModelDir, isHubId, pulledSnapshot } from '../models/hub/cache.ts';
import { comparePulled, pullModel } from '../models/hub/pull.ts';
import { loadModel, verifyModel } from '../models/load.ts';
import { BUNDLED, listEmbedders, listModels, locateEmbedder, locateModel } from '../models/locate.ts';
import { visible } from '../output/terminal.ts';
import { downloadText } from '../report/download-text.ts';
import { byteSize, plural } from '../report/numbers.ts';
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
    .argument('<id>', 'owner/name of a model with an ONNX export')
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
      io.stdout.write(`${(await locate(name, io)).dir}\n`);
      done();
    });
  return command;
}

async function list(asJson: boolean, io: Io): Promise<void> {
  const pulled = await listPulled(io);
  const found = [
    ...(await listModels()).map((name) => ({ kind: 'classifier', name, dir: join(BUNDLED, name) })),
    ...(await listEmbedders()).map((name) => ({ kind: 'encoder', name, dir: join(BUNDLED, name) })),
    ...pulled.map(({ id, dir }) => ({ kind: 'encoder', name: id, dir })),
  ];
  const entries = await Promise.all(found.map(async (entry) => ({ ...entry, bytes: await folderBytes(entry.dir) })));
  if (asJson) {
    io.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
    return;
  }
  const width = Math.max(...entries.map(({ name }) => name.length));
  for (const { kind, name, dir, bytes } of entries) {
    io.stdout.write(`${kind.padEnd(10)}  ${name.padEnd(width)}  ${byteSize(bytes).padStart(7)}  ${visible(dir)}\n`);
  }
}

async function folderBytes(dir: string): Promise<number> {
  const files = await readdir(dir, { recursive: true });
  const sizes = await Promise.all(files.map((file) => stat(join(dir, file))));
  return sizes.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
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
      (file, done, total) => progress.tell(downloadText(visible(file), done, total)),
    );
    progress.stop();
    const count = Object.keys(sha256).length;
    io.stderr.write(`${id} at ${commit.slice(0, 12)}: ${plural(count, 'file')}, ${byteSize(bytes)}, verified\n`);
    io.stdout.write(`${dir}\n`);
  } catch (error) {
    progress.stop();
    if (io.signal.aborted) io.stderr.write(`stopped; logiq models pull ${id} goes on with what came\n`);
    throw error;
  } finally {
    progress.stop();
  }
}

async function verify(name: string, io: Io): Promise<void> {
  const snapshot = pulledSnapshot(name, io.env);
  const { dir, files } = snapshot === undefined ? await verifyFolder(name, io) : await verifyPulled(name, snapshot, io);
  io.stdout.write(`${visible(dir)}: sha256 of ${plural(files, 'file')} verified\n`);
}

async function verifyFolder(name: string, io: Io): Promise<{ dir: string; files: number }> {
  const { kind, dir } = await locate(name, io);
  if (kind === 'encoder') return { dir, files: await verifyEncoder(dir, io) };
  const { metadata } = await verifyModel(name, io.cwd, io.env);
  return { dir, files: Object.keys(metadata.files).length + Object.keys(metadata.embedder?.sha256 ?? {}).length };
}

/** An encoder's hashes are with the classifiers that were trained on it. @returns How many files were compared. */
async function verifyEncoder(dir: string, io: Io): Promise<number> {
  for (const name of await listModels()) {
    const { embedderDir, metadata } = await loadModel(name, io.cwd, io.env);
    if (embedderDir === undefined || resolve(embedderDir) !== resolve(dir)) continue;
    const demanded = metadata.embedder?.sha256 ?? {};
    for (const file of Object.keys(demanded)) await readVerified(dir, file, demanded);
    return Object.keys(demanded).length;
  }
  throw new LogiqError(
    'E_USAGE',
    `Nothing is known that ${dir} could be compared with.`,
    'Verify a classifier that was trained on it: logiq models verify DIR.',
  );
}

async function verifyPulled(id: string, snapshot: string, io: Io): Promise<{ dir: string; files: number }> {
  const compared = await comparePulled(hubModelDir(id, io.env), snapshot, basename(snapshot));
  const again = `Fetch it with: logiq models pull ${id}`;
  if (compared === undefined) throw new LogiqError('E_MODEL_MISSING', `${id} was not pulled by logiq.`, again);
  const { files, damaged } = compared;
  if (damaged.length === 0) return { dir: snapshot, files };
  throw new LogiqError('E_MODEL_DAMAGED', `${damaged.join(', ')} in ${snapshot} is not what was pulled.`, again);
}

/** @throws {LogiqError} E_MODEL_MISSING when there is neither a classifier nor an encoder. */
async function locate(name: string, io: Io): Promise<{ kind: 'classifier' | 'encoder'; dir: string }> {
  const classifier = await orMissing(locateModel(name, io.cwd));
  if (classifier !== undefined) return { kind: 'classifier', dir: classifier };
  const encoder = await orMissing(locateEmbedder(name, io.cwd, io.env));
  if (encoder !== undefined) return { kind: 'encoder', dir: encoder };
  throw new LogiqError(
    'E_MODEL_MISSING',
    `There is no classifier and no encoder "${name}" on this machine.`,
    isHubId(name) ? `Fetch an encoder with: logiq models pull ${name}` : 'See what there is: logiq models list',
  );
}

async function orMissing(found: Promise<string>): Promise<string | undefined> {
  return found.catch((error: unknown) => {
    if (error instanceof LogiqError && error.code === 'E_MODEL_MISSING') return undefined;
    throw error;
  });
}
