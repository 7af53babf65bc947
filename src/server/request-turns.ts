import type { IncomingMessage, RequestListener } from 'node:http';

/** Requests taken up in one turn of the event loop: a few milliseconds of refusals. */
const REQUESTS_A_TURN = 16;

/**
 * Takes up a few requests in each turn of the event loop, in the order in which they came, and urgent ones at once. When a
 * thousand arrive together, whoever asks for health among or behind them would else wait until the last has been answered.
 */
export function inRequestTurns(
  listener: RequestListener,
  isUrgent: (request: IncomingMessage) => boolean,
): RequestListener {
  const waiting: Array<Parameters<RequestListener>> = [];
  let room = REQUESTS_A_TURN;
  const nextTurn = (): void => {
    const taken = waiting.splice(0, REQUESTS_A_TURN);
    room = REQUESTS_A_TURN - taken.length;
    if (taken.length > 0) setImmediate(nextTurn);
    for (const [request, response] of taken) listener(request, response);
  };
  return (request, response) => {
    if (isUrgent(request)) return listener(request, response);
    if (room === REQUESTS_A_TURN) setImmediate(nextTurn);
    if (room === 0) return void waiting.push([request, response]);
    room -= 1;
    listener(request, response);
  };
}
