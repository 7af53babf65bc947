import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** How long a client may go on sending what nobody reads. */
const LINGER_MS = 5000;

/**
 * A request that is answered before its body has come: the rest is taken and thrown away for a while. Were the connection
 * closed at once, most clients would see a broken pipe and never the answer.
 */
export function discardRest(request: IncomingMessage): void {
  request.unpipe();
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  const forget = (): void => clearTimeout(timer);
  request.once('end', forget);
  request.once('close', forget);
}

/** A client that asks before it sends (`expect: 100-continue`) is not told to go on when its body is too large. */
export function refuseBeforeBody(server: Server, maxBytes: number): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!(Number(request.headers['content-length'] ?? 0) > maxBytes)) response.writeContinue();
    server.emit('request', request, response);
  });
}
