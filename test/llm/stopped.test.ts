import { expect, test } from 'vitest';
import { ProviderFailure, type Provider } from '../../src/llm/provider.ts';
import { serverDown, stopFor } from '../../src/llm/stopped.ts';

const named = (name: string) => ({ name, model: 'm' }) as Provider;

test.each([
  ['groq', 'GROQ_API_KEY'],
  ['127.0.0.1:8080', 'LOGIQ_LLM_API_KEY'],
])('a key that %s refused is the one of %s', (name, variable) => {
  const stopped = stopFor(new ProviderFailure('key', 'Invalid API Key'), named(name));
  expect(stopped).toMatchObject({
    message: `${name} refused the key (Invalid API Key).`,
    hint: expect.stringContaining(`Set ${variable} `) as unknown,
  });
});

test.each(['Rate limit', 'Rate limit.'])("a server's last words are one sentence: %s", (lastFailure) => {
  const { message } = serverDown(named('groq'), { calls: 3, failures: 3, lastFailure });
  expect(message).toBe('groq never gave a usable answer: 3 of 3 calls failed, the last one so: Rate limit.');
});
