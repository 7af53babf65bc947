import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as tlsConnect } from 'node:tls';
import type { Duplex } from 'node:stream';
import { LogiqError } from '../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Ends a request whose server says nothing for so long. */
const IDLE_MS = 30_000;
const MAX_REDIRECTS = 5;

export interface HubRequest {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * GET that follows redirects, through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name. `HF_TOKEN` is sent to the
 * hub itself alone: a redirect to another origin goes without it.
 *
 * @throws {LogiqError} E_HUB when the server cannot be reached or redirects in circles.
 */
export async function getFromHub(url: string, options: HubRequest): Promise<IncomingMessage> {
  let target = new URL(url);
  const { origin } = target;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const token = options.env['HF_TOKEN'];
    const headers = {
      'user-agent': 'logiq',
      ...options.headers,
      ...(token && target.origin === origin && { authorization: `Bearer ${token}` }),
    };
    const response = await get(target, headers, options).catch((cause: unknown) => {
      options.signal.throwIfAborted();
      throw new LogiqError(
        'E_HUB',
        `${target.origin} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Check the network, HF_ENDPOINT and HTTPS_PROXY, or name a folder with the export.',
        { cause },
      );
    });
    const { location } = response.headers;
    if (location === undefined || (response.statusCode ?? 0) < 300 || (response.statusCode ?? 0) >= 400) return response;
    response.resume();
    if (!URL.canParse(location, target.href)) throw new LogiqError('E_HUB', `${url} redirects to "${location}".`);
    target = new URL(location, target);
  }
  throw new LogiqError('E_HUB', `${url} redirects more than ${MAX_REDIRECTS} times.`);
}

async function get(
  target: URL,
  headers: Readonly<Record<string, string>>,
  { env, signal }: HubRequest,
): Promise<IncomingMessage> {
  const proxy = proxyFor(target, env);
  const isSecure = target.protocol === 'https:';
  if (proxy === undefined) return send(isSecure ? httpsRequest : httpRequest, { target, headers, signal });
  if (!isSecure) {
    const own = { ...headers, host: target.host, ...proxyAuthorization(proxy) };
    return send(httpRequest, { target: proxy, path: target.href, headers: own, signal });
  }
  const socket = await tunnel(proxy, target, signal);
  // Without an agent Node would name port 443, which a signed address does not.
  return send(httpsRequest, { target, headers: { ...headers, host: target.host }, signal, socket });
}

interface Sending {
  readonly target: URL;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly socket?: Duplex;
}

function send(start: typeof httpRequest, { target, path, headers, signal, socket }: Sending): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = start(target, {
      headers,
      signal,
      timeout: IDLE_MS,
      ...(path !== undefined && { path }),
      ...(socket && { createConnection: () => socket }), // an agent, even `false`, would make a connection of its own
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${IDLE_MS / 1000} s`)));
    request.on('response', resolve);
    request.on('error', reject);
    request.end();
  });
}

/** A TLS connection to the target through the proxy's CONNECT. */
function tunnel(proxy: URL, target: URL, signal: AbortSignal): Promise<Duplex> {
  const host = `${target.hostname}:${target.port || 443}`;
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)(proxy, {
      method: 'CONNECT',
      path: host,
      headers: { host, ...proxyAuthorization(proxy) },
      signal,
      timeout: IDLE_MS,
    });
    request.on('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        return reject(new Error(`the proxy answers ${response.statusCode}`));
      }
      const secure = tlsConnect({ socket, servername: target.hostname });
      secure.setTimeout(IDLE_MS, () => secure.destroy(new Error(`no answer within ${IDLE_MS / 1000} s`)));
      secure.once('error', reject);
      secure.once('secureConnect', () => resolve(secure.setTimeout(0)));
    });
    request.on('timeout', () => request.destroy(new Error('the proxy does not answer')));
    request.on('error', reject);
    request.end();
  });
}

function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** The proxy for a target; undefined where there is none. Exported for its test. */
export function proxyFor(target: URL, env: Environment): URL | undefined {
  const read = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const named = read(target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (named === '' || isExempt(target, read('NO_PROXY'))) return undefined;
  return new URL(named.includes('://') ? named : `http://${named}`);
}

function isExempt({ hostname, port }: URL, noProxy: string): boolean {
  return noProxy
    .split(',')
    .map((entry) => entry.trim().replace(/^\*?\./, ''))
    .some((entry) => {
      if (entry === '*') return true;
      const [host = '', only] = entry.split(':');
      return host !== '' && (hostname === host || hostname.endsWith(`.${host}`)) && (only === undefined || only === port);
    });
}
