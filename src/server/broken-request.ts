import type { Socket } from 'node:net';
import { HttpProblem } from './problem.ts';

/** Answers what the HTTP parser gave up on: there is no request to answer, only its connection. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(error.code);
  const body = JSON.stringify(problem.toDocument());
  socket.end(
    `HTTP/1.1 ${problem.statusCode} ${problem.toDocument().title}\r\n` +
      `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}

function problemOf(code: string | undefined): HttpProblem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpProblem('header-too-large', 'The headers are larger than 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem('slow-request', 'The request line and headers came too slowly.');
    case undefined:
    default:
      return new HttpProblem('invalid-request', 'This is not HTTP/1.1.');
  }
}
