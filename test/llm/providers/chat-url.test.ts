import { expect, test } from 'vitest';
import { chatUrl } from '../../../src/llm/providers/chat-url.ts';

test.each([
  ['https://api.groq.com', 'https://api.groq.com/openai/v1/chat/completions'],
  ['https://api.groq.com/openai/v1/', 'https://api.groq.com/openai/v1/chat/completions'],
  ['https://api.openai.com/v1', 'https://api.openai.com/v1/chat/completions'],
  ['http://localhost:11434', 'http://localhost:11434/v1/chat/completions'],
  ['http://localhost:11434/v1', 'http://localhost:11434/v1/chat/completions'],
  ['http://vllm.internal:8000/team/v1/', 'http://vllm.internal:8000/team/v1/chat/completions'],
  ['http://localhost:8080/v1/chat/completions', 'http://localhost:8080/v1/chat/completions'],
  ['https://gateway.example/v1?api-version=3', 'https://gateway.example/v1/chat/completions?api-version=3'],
])('%s is asked at %s', (base, expected) => {
  expect(chatUrl(base).href).toBe(expected);
});

test.each(['localhost:11434', 'file:///etc/passwd', '', 'http://'])('%j is refused', (base) => {
  expect(() => chatUrl(base)).toThrow('is not the address of an LLM server');
});

test('a password in the address is refused and not repeated', () => {
  expect(() => chatUrl('https://me:hunter2@gateway.example')).toThrow(/carries a user name or password\.$/);
});
