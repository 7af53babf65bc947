import { LogiqError } from '../../errors.ts';

export const GROQ_BASE_URL = 'https://api.groq.com/openai/v1';

/**
 * The chat completions address under a base URL, however much of it was given: `http://localhost:11434` (Ollama, vLLM,
 * llama.cpp), `https://api.openai.com/v1`, `https://api.groq.com`, or the whole address.
 *
 * @throws {LogiqError} E_SETTING when it is no http(s) URL or carries a password.
 */
export function chatUrl(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new LogiqError(
      'E_SETTING',
      `"${baseUrl}" is not the address of an LLM server.`,
      'Give a base URL such as http://localhost:11434/v1.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new LogiqError(
      'E_SETTING',
      'The address of the LLM server carries a user name or password.',
      'Give the address alone; a key belongs in the environment.',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (!path.endsWith('/chat/completions')) {
    const root = path !== '' ? path : isGroq(url) ? '/openai/v1' : '/v1';
    url.pathname = `${root}/chat/completions`;
  }
  url.hash = '';
  return url;
}

export function isGroq(url: URL): boolean {
  return url.hostname === 'api.groq.com';
}
