/** How often a request is sent again that the server was too busy for. */
const RETRIES = 20;

/** What the server has to say about a request that it did not answer. */
export class Problem extends Error {
  constructor({ title, detail, hint, status }) {
    super(detail ?? title);
    this.hint = hint;
    this.status = status;
  }
}

/**
 * Labels one slice.
 *
 * @param {Uint8Array} bytes
 * @param {Record<string, string | undefined>} query
 * @yields {object} The events of the server (format=events).
 */
export async function* classifySlice(bytes, query, token, signal) {
  const given = Object.entries({ ...query, format: 'events' }).filter(([, value]) => value !== undefined);
  const url = `classify-file?${new URLSearchParams(given)}`;
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await send(url, { method: 'POST', body: bytes, headers, token, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = '';
  let isWhole = false;
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) break;
    const lines = (held + value).split('\n');
    held = lines.pop();
    for (const line of lines) {
      const event = JSON.parse(line);
      isWhole = event.done === true;
      yield event;
    }
  }
  signal.throwIfAborted();
  if (!isWhole) {
    throw new Problem({
      detail: 'The answer ended early.',
      hint: 'See the log of the server, or send the rest again.',
    });
  }
}

export async function getJson(url, token) {
  const response = await send(url, { token });
  return response.json();
}

async function send(url, { token, headers, ...options }) {
  const all = { ...headers, ...(token && { authorization: `Bearer ${token}` }) };
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(url, { ...options, headers: all }).catch((error) => {
      options.signal?.throwIfAborted();
      throw new Problem({ detail: 'The server cannot be reached.', hint: `Is it still running? (${error.message})` });
    });
    if (response.ok) return response;
    const mayPass = response.status === 429 || response.status === 503;
    if (!mayPass || attempt >= RETRIES) throw new Problem(await problemOf(response));
    await pause(Number(response.headers.get('retry-after') ?? 1) * 1000, options.signal);
  }
}

async function problemOf(response) {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem) return response.json();
  return { status: response.status, detail: `The server answered ${response.status} ${response.statusText}.` };
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
