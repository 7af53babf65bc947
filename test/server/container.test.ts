import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/server/limits.ts';
import { settings } from '../../src/settings/registry.ts';
import { SERVE_VARIABLES } from '../../src/settings/serve.ts';

/** What the image and its neighbours say, against what the program knows. Building it needs what tests do not have. */
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const dockerfile = read('Dockerfile');
const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

test('ONNX Runtime for CUDA is the version that logiq is tested with', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  expect(/^ARG ORT_VERSION=(.*)$/m.exec(dockerfile)?.[1]).toBe(devDependencies['onnxruntime-node']);
});

test('every variable that image and compose files set is one of the program', () => {
  const own = new Set([
    'LOGIQ_API_TOKEN',
    ...SERVE_VARIABLES,
    ...Object.values(settings).map(({ flag }) => variableOf(flag)),
  ]);
  const files = [
    dockerfile,
    ...readdirSync(new URL('../../.container', import.meta.url)).map((name) => read(`.container/${name}`)),
  ];
  const set = files.flatMap((text) => [...text.matchAll(/\b(LOGIQ_[A-Z_]+)\s*[=:]/g)].map(([, name]) => name));
  expect(set.length).toBeGreaterThan(4);
  expect(set.filter((name) => !own.has(name ?? ''))).toEqual([]);
});

test('it runs as nobody of importance, tells its health and has no secret in a layer', () => {
  expect(lastStage).toMatch(/^USER 1000:1000$/m);
  expect(lastStage).toMatch(/^HEALTHCHECK .*\n.*\/healthz/m);
  expect(dockerfile).not.toMatch(/^(?:ARG|ENV)\b.*(?:KEY|TOKEN|SECRET)/m);
  expect(read('.dockerignore')).toMatch(/^\*$/m);
  expect(read('.dockerignore')).toMatch(/^\*\*\/\.env\*$/m);
});

test('replicas are read-only, without capabilities, bounded and given the time to drain', () => {
  const { services } = parse(read('.container/compose.yaml')) as {
    services: { logiq: Record<string, unknown>; balancer: Record<string, unknown> };
  };
  expect(services.logiq).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    deploy: { replicas: 3, resources: { limits: { cpus: '2' } } },
  });
  expect(Number.parseInt(String(services.logiq['stop_grace_period']), 10) * 1000).toBeGreaterThan(LIMITS.drainMs);
  expect(services.balancer).toMatchObject({ ports: ['127.0.0.1:8000:8000'], read_only: true });
  const cuda = parse(read('.container/compose.cuda.yaml')) as typeof services & { services: { logiq: object } };
  expect(cuda.services.logiq).toMatchObject({ build: { args: { VARIANT: 'cuda' } } });
  const port = /LOGIQ_PORT=(\d+)/.exec(lastStage)?.[1];
  const { environment, expose } = services.logiq as { environment: Record<string, unknown>; expose: string[] };
  expect(expose).toEqual([port, String(environment['LOGIQ_HEALTH_PORT'])]);
  expect(read('.container/haproxy.cfg')).toContain(` logiq:${port}\n`);
  expect(read('.container/haproxy.cfg')).toContain(` check port ${expose[1]} `);
});

function variableOf(flag: string): string {
  return `LOGIQ_${flag
    .replace(/^.*?--/, '')
    .replace(/ .*/, '')
    .replaceAll('-', '_')
    .toUpperCase()}`;
}
