import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * An LLM's server on this machine. `answer` is told the messages of a call and gives its answers, the tokens of its usage and,
 * where it takes its time, milliseconds to wait.
 *
 * @returns Its address, and how to end it.
 */
export async function startAnswering(answer) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { answers, usage, wait = 0 } = answer(JSON.parse(Buffer.concat(chunks)).messages);
      const message = { role: 'assistant', content: JSON.stringify({ answers }) };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      const body = { id: '1', object: 'chat.completion', created: 1, model: 'm', choices, usage };
      setTimeout(() => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)), wait);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
