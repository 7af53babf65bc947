import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../helpers/start-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

async function readDocument(): Promise<Document> {
  return (await (await fetch(`${server.url}/openapi.json`)).json()) as Document;
}

test('the document lists every route of the API and no other', async () => {
  const { openapi, paths } = await readDocument();
  expect(openapi).toBe('3.1.0');
  const pages = ['/', '/docs', '/openapi.json'];
  const routes = routesOf(server.app.printRoutes({ commonPrefix: false })).filter(
    (route) => !pages.some((page) => route === `GET ${page}`) && !route.startsWith('GET /page/'),
  );
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.toSorted()).toEqual(routes.toSorted());
});

test('every reference in the document leads somewhere', async () => {
  const document = await readDocument();
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  expect(references.length).toBeGreaterThan(0);
  for (const path of references) {
    const found = path.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
    expect(found, path).toBeDefined();
  }
});

test('the page of the documentation shows every operation and loads nothing from elsewhere', async () => {
  const response = await fetch(`${server.url}/docs`);
  const html = await response.text();
  for (const path of Object.keys((await readDocument()).paths)) expect(html).toContain(`</span>${path}</h2>`);
  expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].filter(([, to = '']) => /^(?:https?:)?\/\//.test(to))).toEqual(
    [],
  );
});

test.each(['/', '/docs'])('%s has a policy that runs and loads nothing but our own files', async (path) => {
  const policy = (await fetch(`${server.url}${path}`)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

test('metrics count rows, stages, requests and what was refused, in the format of Prometheus', async () => {
  await fetch(`${server.url}/classify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"logs":["disk","disk","hm"]}',
  });
  const response = await fetch(`${server.url}/metrics`);
  const metrics = await response.text();
  expect(response.headers.get('content-type')).toContain('version=0.0.4');
  expect(metrics).toContain('logiq_rows_total{method="regex"} 2');
  expect(metrics).toContain('logiq_label_rows_total{label="storage"} 2');
  expect(metrics).toContain('logiq_stage_rows_total{stage="regex",outcome="decided"} 3');
  expect(metrics).toContain('logiq_stage_duration_seconds_count{stage="regex"} 3');
  expect(metrics).toContain('logiq_http_requests_total{route="/classify",method="POST",status="200"} 1');
  expect(metrics).toContain('logiq_llm_calls_total{outcome="answered"} 0');
  for (const line of metrics.trim().split('\n')) {
    expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})? -?[\d.e+-]+)$/);
  }
});

test('stats and labels', async () => {
  expect(await (await fetch(`${server.url}/labels`)).json()).toMatchObject({ labels: [{ label: 'storage' }, {}] });
  const stats = (await (await fetch(`${server.url}/stats`)).json()) as {
    rows: number;
    methods: Record<string, number>;
  };
  expect(Object.values(stats.methods).reduce((sum, count) => sum + count, 0)).toBe(stats.rows);
});

/** `METHOD /path` of every route in a tree of routes, four characters a level. */
function routesOf(tree: string): string[] {
  const branch: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] = /^(.*?[├└]── )?([^ ]+)(?: \(([^)]*)\))?/.exec(line) ?? [];
    const depth = Math.max(0, indent.length / 4 - 1);
    branch.splice(depth, branch.length, part === '(empty' ? '' : part);
    const path = branch.join('');
    return methods.split(', ').flatMap((method) => (method === '' || method === 'HEAD' ? [] : [`${method} ${path}`]));
  });
}
