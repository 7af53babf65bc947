import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

export interface RegistryProxy {
  /** Unix socket that it listens on, which is reached from every network namespace. */
  readonly socket: string;
  /** Hosts that somebody asked for and did not get. */
  readonly refused: readonly string[];
  close(): void;
}

/** An HTTP proxy that lets through what goes to the registry and refuses everything else. */
export async function startRegistryProxy(registry: string, folder: string): Promise<RegistryProxy> {
  const allowed = new URL(registry).hostname;
  const socket = join(folder, 'proxy.sock');
  const refused: string[] = [];
  const isAllowed = (host: string): boolean => {
    if (host === allowed) return true;
    refused.push(host);
    return false;
  };
  const server = createServer((incoming, answer) => {
    const url = new URL(incoming.url ?? '/', 'http://none.invalid');
    if (isAllowed(url.hostname)) forward(url, incoming, answer);
    else answer.writeHead(403).end();
  });
  server.on('connect', ({ url = '' }: IncomingMessage, client: Socket, head: Buffer) => {
    const { hostname, port } = new URL(`https://${url}`);
    if (isAllowed(hostname)) tunnel(client, head, hostname, Number(port || 443));
    else client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { socket, refused, close: () => server.close() };
}

function forward(url: URL, incoming: IncomingMessage, answer: ServerResponse): void {
  const outgoing = request(url, { method: incoming.method, headers: incoming.headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  outgoing.on('error', () => answer.destroy());
  incoming.pipe(outgoing);
}

function tunnel(client: Socket, head: Buffer, host: string, port: number): void {
  const server = connect(port, host, () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    server.write(head);
    server.pipe(client).pipe(server);
  });
  server.on('error', () => client.destroy());
  client.on('error', () => server.destroy());
}
