import type { OpenApi, Operation } from './openapi.ts';

/** The OpenAPI document as a page that needs nothing from elsewhere: `page/style.css` and `page/docs.js` are its parts. */
export function renderDocs({ info, paths }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, operation]) => renderOperation(path, verb.toUpperCase(), operation)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>logiq API</title>
<link rel="icon" href="page/icon.svg" type="image/svg+xml" />
<link rel="stylesheet" href="page/style.css" />
<script type="module" src="page/docs.js"></script>
</head>
<body>
<header class="top">
<a class="brand" href="./"><img src="page/icon.svg" alt="" width="26" height="26" />logiq</a>
<p class="engine">version ${escape(info.version)}</p>
<nav><a href="openapi.json">openapi.json</a></nav>
</header>
<main class="docs">
<h1>HTTP API</h1>
<p>${escape(info.description)}</p>
<div class="field">
<label for="token">Access token, where one is demanded (LOGIQ_API_TOKEN)</label>
<input id="token" type="password" autocomplete="off" />
</div>
${operations.join('\n')}
</main>
</body>
</html>
`;
}

function renderOperation(path: string, verb: string, operation: Operation): string {
  const { summary, description, parameters = [], responses } = operation;
  const json = operation.requestBody?.content['application/json'];
  const example = Object.values(json?.examples ?? {})[0]?.value;
  return `<section class="card operation" id="${escape(operation.operationId)}">
<h2><span class="verb">${verb}</span>${escape(path)}</h2>
<p>${escape(summary)}${description === undefined ? '' : `. ${escape(description)}`}</p>
${list(
  'Query',
  parameters.map(({ name, description: text, schema }) => [
    name,
    schema.enum ? `${text} One of ${schema.enum.join(', ')}.` : text,
  ]),
)}
${list(
  'Answers',
  Object.entries(responses).map(([status, { description: text }]) => [status, text]),
)}
<pre>${escape(curl(path, verb, operation, example))}</pre>
${path === '/classify-file' ? '' : renderTry(path, verb, example)}
</section>`;
}

function renderTry(path: string, verb: string, example: unknown): string {
  const id = `body-${path.slice(1)}`;
  const body =
    example === undefined
      ? ''
      : `<div class="field"><label for="${escape(id)}">Body</label><textarea id="${escape(id)}" rows="2" spellcheck="false">${escape(JSON.stringify(example))}</textarea></div>`;
  return `<form class="try input" data-verb="${verb}" data-path="${escape(path)}">${body}
<div class="actions"><button type="submit">Send</button></div>
<pre class="answer" role="status" hidden></pre></form>`;
}

function list(title: string, entries: ReadonlyArray<readonly [string, string]>): string {
  if (entries.length === 0) return '';
  const items = entries.map(([name, text]) => `<dt>${escape(name)}</dt><dd>${escape(text)}</dd>`);
  return `<h3>${title}</h3><dl>${items.join('')}</dl>`;
}

function curl(path: string, verb: string, { requestBody }: Operation, example: unknown): string {
  const url = `http://127.0.0.1:8000${path}`;
  if (verb === 'GET') return `curl ${url}`;
  if (example !== undefined) return `curl ${url} -H 'content-type: application/json' -d '${JSON.stringify(example)}'`;
  return requestBody ? `curl -F file=@app.log ${url}` : `curl -X ${verb} ${url}`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
