import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRegistryProxy, type RegistryProxy } from './registry-proxy.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const viaProxy = fileURLToPath(new URL('via-proxy.js', import.meta.url));

/** Somebody who may read everything here and own nothing. */
const NOBODY = '65534';

const isRoot = process.getuid?.() === 0;

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Seconds until the line below the header was there. */
  readonly firstRow: number;
}

export interface Tools {
  readonly node: string;
  /** Folder of the npm package. */
  readonly npm: string;
}

/** The packed tarball, and a place to install it in from which only the registry is reached. */
export interface World {
  readonly tarball: string;
  readonly proxy: RegistryProxy;
  /** An empty folder that anybody may look into. */
  folder(name: string): string;
  /** @param npm, node Majors. */
  tools(npm: number, node: number): Promise<Tools>;
  /** Runs npm or npx with an empty HOME; only the registry is reached. */
  npm(tools: Tools, cli: 'npm' | 'npx', args: readonly string[], home: string): Promise<Ended>;
  /** Runs an installed program as another user (where this one may change it), without a network, HOME read-only. */
  asNobody(tools: Tools, program: string, args: readonly string[], cwd: string): Promise<Ended>;
  remove(): void;
}

export async function createWorld(): Promise<World> {
  const base = mkdtempSync(join(tmpdir(), 'logiq-package-'));
  chmodSync(base, 0o755);
  const registry = must(await run('npm', ['config', 'get', 'registry'], { cwd: root })).stdout.trim();
  const proxy = await startRegistryProxy(registry, base);
  const cafile = must(await run('npm', ['config', 'get', 'cafile'], { cwd: root })).stdout.trim();
  const trust = {
    ...(cafile !== 'null' && { npm_config_cafile: cafile }),
    ...(process.env['NODE_EXTRA_CA_CERTS'] && { NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'] }),
  };
  must(await run('npm', ['pack', '--silent', '--pack-destination', base], { cwd: root }));
  const tarball = join(base, readdirSync(base).find((name) => name.endsWith('.tgz')) ?? '');

  const folder = (name: string): string => {
    const path = join(base, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const fetch = async (spec: string): Promise<string> => {
    const [name = ''] = spec.split('@'); // none of them has a scope
    const prefix = folder(`tools/${spec}`);
    const args = ['install', '--silent', '--ignore-scripts', '--no-save', '--prefix', prefix, spec];
    must(await run('npm', args, { cwd: prefix }));
    return join(prefix, 'node_modules', name);
  };
  const path = (tools: Tools): string => `${join(tools.node, '..')}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`;

  return {
    tarball,
    proxy,
    folder,
    remove() {
      proxy.close();
      rmSync(base, { recursive: true, force: true });
    },
    tools: async (npm, node) => ({
      node: join(await fetch(`node-${process.platform}-${process.arch}@${node}`), 'bin/node'),
      npm: await fetch(`npm@${npm}`),
    }),
    npm(tools, cli, args, home) {
      const env = {
        PATH: path(tools),
        HOME: home,
        npm_config_registry: registry,
        npm_config_update_notifier: 'false',
        ...trust,
      };
      const command = [tools.node, viaProxy, proxy.socket, tools.node, join(tools.npm, `bin/${cli}-cli.js`), ...args];
      return run(...withoutNetwork(command), { cwd: home, env });
    },
    asNobody(tools, program, args, cwd) {
      const home = folder('read-only-home');
      chmodSync(home, 0o555);
      const other = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
      const command = [...other, tools.node, program, ...args];
      return run(...withoutNetwork(command), { cwd, env: { PATH: path(tools), HOME: home } });
    },
  };
}

/** In a network namespace of its own, with a loopback, where this machine has them. */
function withoutNetwork(command: readonly string[]): [string, string[]] {
  const inNamespace = ['-c', 'ip link set lo up 2>/dev/null; exec "$@"', 'sh', ...command];
  const unshare = isRoot ? ['-n'] : ['-rn'];
  if (spawnSync('unshare', [...unshare, 'true']).status === 0) return ['unshare', [...unshare, 'sh', ...inNamespace]];
  const [program = '', ...args] = command;
  return [program, args];
}

/** Copies an installed prefix, so that a test may take something out of it. */
export function copyInstall(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

export function must(ended: Ended): Ended {
  if (ended.status !== 0) throw new Error(`exit ${ended.status}\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}

/** Asynchronous, since the proxy runs in this process. */
function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<Ended> {
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let firstRow: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.split('\n', 3).length > 2) firstRow ??= elapsed();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr, seconds: elapsed(), firstRow: firstRow ?? NaN }));
  });
}
